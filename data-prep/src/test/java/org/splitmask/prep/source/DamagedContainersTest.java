/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.Archives;
import org.splitmask.prep.Archives.ParquetShape;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceReader;

/** However a container is damaged, each item is read or fails as an item does. */
class DamagedContainersTest {
  private static final int MUTATIONS = 200;
  private static final int ENTRIES = 20;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"a.tar", "a.tgz", "a.zip", "a.parquet"})
  void itsItemsAreReadOrRejected(String name) throws IOException {
    byte[] good = container(name);
    Path file = folder.resolve(name);
    int read = 0;
    int broken = 0;
    for (int seed = 0; seed < MUTATIONS; seed++) {
      Files.write(file, damaged(good, new Random(seed)));
      try (SourceReader reader = new SourceReader(Listings.HADOOP)) {
        for (SourceItem item : Listings.items(file)) {
          try {
            read += reader.read(item, 1 << 20).length >= 0 ? 1 : 0;
          } catch (IOException e) {
            assertThat(SourceReader.isOfTheItem(e)).as("%s, seed %d", e, seed).isTrue();
            broken++;
          }
        }
      } catch (SplitMaskException e) {
        // A footer that names other columns is refused as one that always did.
        assertThat(e.blame()).as("%s, seed %d", e, seed).isEqualTo(Blame.DATA);
      }
    }
    assertThat(read).isGreaterThan(MUTATIONS);
    assertThat(broken).isGreaterThan(MUTATIONS / 2);
  }

  private static byte[] damaged(byte[] good, Random random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(good, random.nextInt(good.length));
    }
    byte[] damaged = good.clone();
    // Directories and footers are at the end: half of the damage is done there.
    int from = random.nextBoolean() ? 0 : good.length * 3 / 4;
    for (int i = random.nextInt(20); i >= 0; i--) {
      damaged[from + random.nextInt(good.length - from)] = (byte) random.nextInt(256);
    }
    return damaged;
  }

  private byte[] container(String name) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 0; i < ENTRIES; i++) {
      byte[] content = new byte[300 + i];
      new Random(i).nextBytes(content);
      entries.put("folder/%d.jpg".formatted(i), content);
      entries.put("folder/%d.json".formatted(i), Listings.bytes("{\"label\": %d}".formatted(i)));
    }
    return switch (name) {
      case "a.tar" -> Archives.tar(entries);
      case "a.tgz" -> Archives.gzip(Archives.tar(entries));
      case "a.zip" -> Archives.zip(entries);
      default -> parquet(entries);
    };
  }

  private byte[] parquet(Map<String, byte[]> entries) throws IOException {
    MessageType schema =
        MessageTypeParser.parseMessageType("message rows { optional binary bytes; }");
    List<Group> rows = new ArrayList<>();
    for (byte[] content : entries.values()) {
      rows.add(new SimpleGroup(schema).append("bytes", Binary.fromConstantByteArray(content)));
    }
    Path file = folder.resolve("good.parquet");
    Archives.parquet(file, schema, rows, ParquetShape.SMALL);
    return Files.readAllBytes(file);
  }
}
