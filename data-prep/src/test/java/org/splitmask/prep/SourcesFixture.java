/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.Archives.ParquetShape;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;

/** The same pictures as files and in every kind of container. */
abstract class SourcesFixture {
  static final Configuration HADOOP = new Configuration();
  static final int PICTURES = 24;
  static final Path TINY_IMAGENET = Path.of("../../shared/datasets/tiny-imagenet");
  static final MessageType PARQUET =
      MessageTypeParser.parseMessageType(
          """
          message rows {
            optional group image { optional binary bytes; optional binary path (STRING); }
            optional binary kind (STRING);
          }
          """);

  @TempDir Path folder;

  /** By name: hats/0.jpg, bags/1.jpg, hats/2.jpg and so on. */
  final Map<String, byte[]> pictures = new LinkedHashMap<>();

  @BeforeEach
  void makePictures() throws IOException {
    for (int i = 0; i < PICTURES; i++) {
      String name = (i % 2 == 0 ? "hats/" : "bags/") + i + ".jpg";
      pictures.put(name, Pictures.jpeg(Pictures.noise(40, 40, i)));
      write("in/" + name, pictures.get(name));
    }
  }

  Map<String, byte[]> withSidecars() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    pictures.forEach(
        (name, bytes) -> {
          String key = name.replace('/', '-').replace(".jpg", "");
          entries.put(key + ".jpg", bytes);
          entries.put(key + ".cls", name.substring(0, 4).getBytes(StandardCharsets.UTF_8));
        });
    return entries;
  }

  String list() {
    StringBuilder list = new StringBuilder("# all pictures\n\n");
    for (String name : pictures.keySet()) {
      boolean relative = name.startsWith("hats");
      list.append(relative ? "in/" + name : folder.resolve("in/" + name).toUri()).append('\n');
    }
    return list.toString();
  }

  void parquet(String file) {
    List<Group> rows = new ArrayList<>();
    pictures.forEach(
        (name, bytes) -> {
          Group row = new SimpleGroup(PARQUET);
          row.addGroup("image").append("bytes", Binary.fromConstantByteArray(bytes));
          rows.add(row.append("kind", name.substring(0, 4)));
        });
    Archives.parquet(folder.resolve(file), PARQUET, rows, ParquetShape.SMALL);
  }

  Table iceberg(String name) throws IOException {
    return IcebergPictures.create(folder.resolve(name), pictures);
  }

  Map<String, Object> prepare(String table, String input, String... settings) throws IOException {
    return PrepareApp.prepare(
        LocalSpark.session(),
        List.of(folder + "/" + input),
        table(table),
        null,
        settings(settings));
  }

  static KeyValues settings(String... settings) {
    return KeyValues.ofWords(List.of(settings))
        .over(KeyValues.ofWords(List.of("image-size=32", "patch-size=8")));
  }

  String table(String name) {
    return folder.resolve("tables/" + name).toString();
  }

  /** Labels by image id. */
  static Map<String, String> labels(String table, Map<String, Object> result) {
    assertThat(result).containsEntry("accepted", (long) PICTURES).containsEntry("rejected", 0L);
    assertAddsUp(result);
    Map<String, String> labels = new TreeMap<>();
    for (PatchRow row : rows(table)) {
      labels.put(row.imageId(), String.valueOf(row.label()));
    }
    return labels;
  }

  /** Everything that was found became something. */
  static void assertAddsUp(Map<String, Object> result) {
    long became = 0;
    for (String count : List.of("accepted", "rejected", "unchanged", "companions", "skipped")) {
      became += (Long) result.get(count);
    }
    assertThat(result).containsEntry("found", became);
  }

  List<String> paths(String table) {
    return rows(table(table)).stream().map(PatchRow::path).sorted().toList();
  }

  static List<PatchRow> rows(String table) {
    List<PatchRow> rows = new ArrayList<>();
    for (Split split : Split.values()) {
      rows.addAll(rows(table, split));
    }
    return rows;
  }

  static List<PatchRow> rows(String table, Split split) {
    List<PatchRow> rows = new ArrayList<>();
    for (RowGroup group : PatchTable.open(table, HADOOP).snapshot().rowGroups(split)) {
      rows.addAll(RowGroupReader.read(group, HADOOP));
    }
    return rows;
  }

  /** Reasons by path. */
  static Map<String, String> rejected(String table) throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    for (Record row : IcebergPictures.rows(new HadoopTables(HADOOP).load(table + "/rejected"))) {
      reasons.put((String) row.getField("path"), (String) row.getField("reason"));
    }
    return reasons;
  }

  void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  static void blamed(ThrowingCallable call, Blame blame, String... parts) {
    assertThatThrownBy(call)
        .satisfies(
            e ->
                assertThat(
                        SplitMaskException.root(e).map(Throwable::getMessage).orElse(e.toString()))
                    .contains(parts))
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(blame));
  }
}
