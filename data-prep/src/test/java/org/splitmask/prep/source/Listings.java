/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.prep.source.BrokenItemException.Kind;

/** Lists and reads without Spark, as the stage does with it. */
final class Listings {
  static final Configuration HADOOP = new Configuration(false);
  static final ParquetColumns BYTES =
      new ParquetColumns(new ColumnName("bytes"), null, null, null, null);

  private Listings() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The items of a container that is an input itself. */
  static List<SourceItem> items(Path file) {
    return items(file, BYTES, new AtomicInteger());
  }

  static List<SourceItem> items(Path file, ParquetColumns columns, AtomicInteger ignoredSidecars) {
    return below(List.of(file.toString()), columns, ignoredSidecars);
  }

  /** All items below inputs. */
  static List<SourceItem> below(
      List<String> inputs, ParquetColumns columns, AtomicInteger ignoredSidecars) {
    List<Found> found = found(inputs, new SourceOptions(columns, "", "file:/no/output"));
    ignoredSidecars.addAndGet(remarks(found, RemarkKind.IGNORED_SIDECAR).size());
    return items(found);
  }

  static List<SourceItem> items(List<Found> found) {
    return found.stream()
        .filter(Found.Item.class::isInstance)
        .map(f -> ((Found.Item) f).item())
        .toList();
  }

  /** What is said of a kind. */
  static List<String> remarks(List<Found> found, RemarkKind kind) {
    return found.stream()
        .filter(f -> f instanceof Found.Remark remark && remark.kind() == kind)
        .map(f -> ((Found.Remark) f).text())
        .toList();
  }

  /** How many names are not looked into, by kind. */
  static Map<AsideKind, Long> asides(List<Found> found) {
    Map<AsideKind, Long> asides = new EnumMap<>(AsideKind.class);
    for (Found each : found) {
      if (each instanceof Found.Aside aside) {
        asides.merge(aside.kind(), aside.count(), Long::sum);
      }
    }
    return asides;
  }

  static List<Found.Damage> damages(List<Found> found) {
    return found.stream()
        .filter(Found.Damage.class::isInstance)
        .map(Found.Damage.class::cast)
        .toList();
  }

  /** Everything that is found below inputs. */
  static List<Found> found(String... inputs) {
    return found(List.of(inputs), new SourceOptions(BYTES, "", "file:/no/output"));
  }

  static List<Found> found(List<String> inputs, SourceOptions options) {
    try {
      List<Found> all = new ArrayList<>();
      SourceContext context = new SourceContext(HADOOP, options);
      for (Found root : InputRoots.of(inputs, options.output(), HADOOP).found()) {
        collect(root, context, all);
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<SourceItem> below(String... inputs) {
    return below(List.of(inputs), BYTES, new AtomicInteger());
  }

  private static void collect(Found found, SourceContext context, List<Found> all)
      throws IOException {
    if (found instanceof Container container) {
      container.found(context).forEachRemaining(all::add);
    } else if (found instanceof Pending pending) {
      Iterator<Found> more = pending.list(context);
      while (more.hasNext()) {
        collect(more.next(), context, all);
      }
    } else {
      all.add(found);
    }
  }

  /** Names, as label files would write them, with the text that is read. */
  static Map<String, String> texts(List<SourceItem> items) {
    Map<String, String> texts = new TreeMap<>();
    for (SourceItem item : items) {
      texts.put(item.relativePath(), new String(read(item), StandardCharsets.UTF_8));
    }
    return texts;
  }

  static byte[] read(SourceItem item) {
    try (SourceReader reader = new SourceReader(HADOOP)) {
      return reader.read(item, 1 << 20);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void assertBroken(SourceItem item, Kind kind, String... parts) {
    try (SourceReader reader = new SourceReader(HADOOP)) {
      assertThatThrownBy(() -> reader.read(item, 1 << 20))
          .isInstanceOf(BrokenItemException.class)
          .hasMessageContainingAll(parts)
          .satisfies(e -> assertThat(((BrokenItemException) e).kind()).isEqualTo(kind))
          .satisfies(e -> assertThat(SourceReader.isOfTheItem((IOException) e)).isTrue());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }
}
