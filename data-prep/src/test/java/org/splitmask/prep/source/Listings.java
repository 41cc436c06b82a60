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
    try {
      List<SourceItem> items = new ArrayList<>();
      SourceContext context = new SourceContext(HADOOP, columns);
      for (Found root : InputRoots.of(inputs, "file:/no/output", HADOOP).found()) {
        collect(root, context, ignoredSidecars, items);
      }
      return items;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<SourceItem> below(String... inputs) {
    return below(List.of(inputs), BYTES, new AtomicInteger());
  }

  private static void collect(
      Found found, SourceContext context, AtomicInteger ignored, List<SourceItem> items)
      throws IOException {
    if (found instanceof Found.Item plain) {
      items.add(plain.item());
    } else if (found instanceof Container container) {
      container.items(context, why -> ignored.incrementAndGet()).forEachRemaining(items::add);
    } else if (found instanceof Pending pending) {
      Iterator<Found> more = pending.list(context);
      while (more.hasNext()) {
        collect(more.next(), context, ignored, items);
      }
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
