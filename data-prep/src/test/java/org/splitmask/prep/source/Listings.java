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
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;
import org.splitmask.prep.source.item.ColumnName;
import org.splitmask.prep.source.item.Container;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Listable;
import org.splitmask.prep.source.item.ParquetColumns;
import org.splitmask.prep.source.item.RemarkKind;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceOptions;
import org.splitmask.prep.source.item.SourceReader;

/** Lists and reads without Spark, as the stage does with it. */
public final class Listings {
  public static final Configuration HADOOP = new Configuration(false);
  public static final ParquetColumns BYTES =
      new ParquetColumns(new ColumnName("bytes"), null, null, null, null);

  private Listings() {}

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The items of a container that is an input itself. */
  public static List<SourceItem> items(Path file) {
    return items(file, BYTES, new AtomicInteger());
  }

  public static List<SourceItem> items(
      Path file, ParquetColumns columns, AtomicInteger ignoredSidecars) {
    return below(List.of(file.toString()), columns, ignoredSidecars);
  }

  /** All items below inputs. */
  public static List<SourceItem> below(
      List<String> inputs, ParquetColumns columns, AtomicInteger ignoredSidecars) {
    List<Finding> found = found(inputs, new SourceOptions(columns, "", "file:/no/output"));
    ignoredSidecars.addAndGet(remarks(found, RemarkKind.IGNORED_SIDECAR).size());
    return items(found);
  }

  public static List<SourceItem> items(List<Finding> found) {
    return found.stream()
        .filter(Finding.Item.class::isInstance)
        .map(f -> ((Finding.Item) f).item())
        .toList();
  }

  /** What is said of a kind. */
  public static List<String> remarks(List<Finding> found, RemarkKind kind) {
    return found.stream()
        .filter(f -> f instanceof Finding.Remark remark && remark.kind() == kind)
        .map(f -> ((Finding.Remark) f).text())
        .toList();
  }

  /** How many names are not looked into, by kind. */
  public static Map<AsideKind, Long> asides(List<Finding> found) {
    Map<AsideKind, Long> asides = new EnumMap<>(AsideKind.class);
    for (Finding each : found) {
      if (each instanceof Finding.Aside aside) {
        asides.merge(aside.kind(), aside.count(), Long::sum);
      }
    }
    return asides;
  }

  public static List<Finding.Damage> damages(List<Finding> found) {
    return found.stream()
        .filter(Finding.Damage.class::isInstance)
        .map(Finding.Damage.class::cast)
        .toList();
  }

  /** Everything that is found below inputs. */
  public static List<Finding> found(String... inputs) {
    return found(List.of(inputs), new SourceOptions(BYTES, "", "file:/no/output"));
  }

  public static List<Finding> found(List<String> inputs, SourceOptions options) {
    try {
      List<Finding> all = new ArrayList<>();
      SourceContext context = new SourceContext(HADOOP, options);
      for (Finding root : InputRoots.of(inputs, options.output(), HADOOP).found()) {
        collect(root, context, all);
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static List<SourceItem> below(String... inputs) {
    return below(List.of(inputs), BYTES, new AtomicInteger());
  }

  private static void collect(Finding found, SourceContext context, List<Finding> all)
      throws IOException {
    if (found instanceof Container container) {
      container.list(context).forEachRemaining(all::add);
    } else if (found instanceof Listable pending) {
      Iterator<Finding> more = pending.list(context);
      while (more.hasNext()) {
        collect(more.next(), context, all);
      }
    } else {
      all.add(found);
    }
  }

  /** Names, as label files would write them, with the text that is read. */
  public static Map<String, String> texts(List<SourceItem> items) {
    Map<String, String> texts = new TreeMap<>();
    for (SourceItem item : items) {
      texts.put(item.relativePath(), new String(read(item), StandardCharsets.UTF_8));
    }
    return texts;
  }

  public static byte[] read(SourceItem item) {
    try (SourceReader reader = new SourceReader(HADOOP)) {
      return reader.read(item, 1 << 20);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void assertBroken(SourceItem item, Kind kind, String... parts) {
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

  public static Path write(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, content);
  }
}
