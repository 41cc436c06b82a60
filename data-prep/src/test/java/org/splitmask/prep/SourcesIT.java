/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.RewriteFiles;
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
import org.junit.jupiter.api.Test;
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
import org.splitmask.prep.table.TableSnapshot;

/** The same pictures from every kind of source make the same rows. */
class SourcesIT {
  private static final Configuration HADOOP = new Configuration();
  private static final int PICTURES = 24;
  private static final Path TINY_IMAGENET = Path.of("../../shared/datasets/tiny-imagenet");
  private static final MessageType PARQUET =
      MessageTypeParser.parseMessageType(
          """
          message rows {
            optional group image { optional binary bytes; optional binary path (STRING); }
            optional binary kind (STRING);
          }
          """);

  @TempDir private Path folder;

  /** By name: hats/0.jpg, bags/1.jpg, hats/2.jpg and so on. */
  private final Map<String, byte[]> pictures = new LinkedHashMap<>();

  @BeforeEach
  void makePictures() throws IOException {
    for (int i = 0; i < PICTURES; i++) {
      String name = (i % 2 == 0 ? "hats/" : "bags/") + i + ".jpg";
      pictures.put(name, Pictures.jpeg(Pictures.noise(40, 40, i)));
      write("in/" + name, pictures.get(name));
    }
  }

  @Test
  void everySourceGivesTheSamePicturesAndLabels() throws IOException {
    Map<String, String> expected = labels(table("folder"), prepare("folder", "in"));
    assertThat(expected).hasSize(PICTURES).containsValues("hats", "bags");

    write("a.tar", Archives.tar(withSidecars()));
    assertThat(labels(table("tar"), prepare("tar", "a.tar"))).isEqualTo(expected);
    write("b.tgz", Archives.gzip(Archives.tar(withSidecars())));
    assertThat(labels(table("tgz"), prepare("tgz", "b.tgz"))).isEqualTo(expected);
    write("c.zip", Archives.zip(pictures));
    assertThat(labels(table("zip"), prepare("zip", "c.zip"))).isEqualTo(expected);

    parquet("d.parquet");
    String[] columns = {"bytes-column=image.bytes", "label-column=kind"};
    assertThat(labels(table("parquet"), prepare("parquet", "d.parquet", columns)))
        .isEqualTo(expected);
    iceberg("e");
    assertThat(labels(table("iceberg"), prepare("iceberg", "e", "label-column=kind")))
        .isEqualTo(expected);

    assertThat(labels(table("glob"), prepare("glob", "in/{hats,bags}/*.j?g"))).isEqualTo(expected);
    write("f.txt", list().getBytes(StandardCharsets.UTF_8));
    assertThat(labels(table("list"), prepare("list", "f.txt"))).isEqualTo(expected);
  }

  @Test
  void containersInFoldersAreOpenedAndDamagedOnesRejected() throws IOException {
    byte[] tar = Archives.tar(withSidecars());
    write("all/x/good.TAR", tar);
    write("all/x/cut.tar", Arrays.copyOf(tar, 1000));
    write("all/no.zip", "no zip".getBytes(StandardCharsets.UTF_8));
    write("all/_hidden.tar", tar);

    Map<String, Object> result = prepare("all", "all", "max-rejected-share=0.5");

    assertThat(result).containsEntry("accepted", (long) PICTURES);
    Map<String, String> rejected = rejected(table("all"));
    assertThat(rejected)
        .containsOnly(
            Map.entry("file:" + folder + "/all/no.zip", "unreadable"),
            Map.entry("file:" + folder + "/all/x/cut.tar!/hats-0.jpg", "truncated"));
    assertThat(rows(table("all")))
        .extracting(PatchRow::path)
        .contains("file:" + folder + "/all/x/good.TAR!/hats-0.jpg");
  }

  @Test
  void namedRowsOfAnIcebergTableKeepTheirPathsWhenFilesAreRewritten() throws IOException {
    Table source = iceberg("named");
    String[] columns = {"name-column=name", "label-column=kind"};
    prepare("before", "named", columns);
    List<String> before = paths("before");
    assertThat(before).hasSize(PICTURES).contains("file:" + folder + "/named!/hats/0.jpg");

    List<Record> backwards = new ArrayList<>(IcebergPictures.rows(source));
    Collections.reverse(backwards);
    RewriteFiles rewrite = source.newRewrite();
    IcebergPictures.dataFiles(source).forEach(rewrite::deleteFile);
    rewrite.addFile(IcebergPictures.dataFile(source, backwards)).commit();
    source.updateSchema().renameColumn("name", "called").commit();

    prepare("after", "named", "name-column=called", "label-column=kind");
    assertThat(paths("after")).isEqualTo(before);
    prepare("by-number", "named", "label-column=kind");
    assertThat(paths("by-number"))
        .allMatch(path -> path.matches(".*/named/data/.*parquet!/row-\\d{8}"));
  }

  @Test
  void namesThatRepeatAndDeleteFilesAreRefused() throws IOException {
    Table source = iceberg("twice");
    source
        .newAppend()
        .appendFile(IcebergPictures.dataFile(source, IcebergPictures.rows(source).subList(0, 1)))
        .commit();
    blamed(
        () -> prepare("t", "twice", "name-column=name"),
        Blame.DATA,
        "two rows are called file:" + folder + "/twice!/",
        "names must be unique");
    blamed(() -> prepare("t", "twice", "bytes-column=picture"), Blame.DATA, "[bytes, kind, name]");

    source.updateProperties().set("format-version", "2").commit();
    DeleteFile deletes =
        FileMetadata.deleteFileBuilder(source.spec())
            .ofPositionDeletes()
            .withPath(folder + "/twice/data/deletes.parquet")
            .withFileSizeInBytes(1)
            .withRecordCount(1)
            .build();
    source.newRowDelta().addDeletes(deletes).commit();
    blamed(() -> prepare("t", "twice"), Blame.DATA, "has delete files", "rewrite_data_files");
  }

  @Test
  void anUnchangedContainerIsLeftAloneAndWhatLeftItIsRemoved() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>(pictures);
    String[] inputs = {"a.tar", "b.tgz", "c.zip", "d.parquet"};
    write(inputs[0], Archives.tar(entries));
    write(inputs[1], Archives.gzip(Archives.tar(entries)));
    write(inputs[2], Archives.zip(entries));
    parquet(inputs[3]);
    for (String input : inputs) {
      String[] columns = {"bytes-column=image.bytes"};
      assertThat(prepare("of " + input, input, columns)).containsEntry("accepted", 24L);
      assertThat(prepare("of " + input, input, columns))
          .as("a rerun of %s", input)
          .containsEntry("unchanged", 24L)
          .containsEntry("accepted", 0L);
    }

    entries.remove("hats/4.jpg");
    write(inputs[0], Archives.tar(entries));
    assertThat(prepare("of a.tar", inputs[0], "bytes-column=image.bytes"))
        .containsEntry("unchanged", 23L)
        .containsEntry("removed", 1L);
    assertThat(rows(table("of a.tar")))
        .extracting(PatchRow::path)
        .hasSize(23)
        .noneMatch(path -> path.endsWith("!/hats/4.jpg"));

    prepare("of a glob", "in/h*s/?.jpg");
    Files.delete(folder.resolve("in/hats/4.jpg"));
    assertThat(prepare("of a glob", "in/h*s/?.jpg"))
        .containsEntry("found", 4L)
        .containsEntry("removed", 1L);
  }

  @Test
  void ofATableThatACatalogKeepsTheNewestMetadataFileCounts() throws IOException {
    iceberg("kept");
    Path metadata = folder.resolve("kept/metadata");
    Files.delete(metadata.resolve("version-hint.text"));
    Files.move(metadata.resolve("v1.metadata.json"), metadata.resolve("00009-a.metadata.json"));
    Files.move(metadata.resolve("v2.metadata.json"), metadata.resolve("00010-b.metadata.json"));

    assertThat(prepare("kept", "kept")).containsEntry("accepted", (long) PICTURES);

    Files.copy(
        metadata.resolve("00009-a.metadata.json"), metadata.resolve("00010-c.metadata.json"));
    blamed(
        () -> prepare("two", "kept"),
        Blame.DATA,
        "two metadata files are the newest",
        "00010-b.metadata.json",
        "00010-c.metadata.json");
  }

  @Test
  void listsMayRepeatAndNameWhatIsNotThere() throws IOException {
    String list = list() + "in/hats\nin/hats/gone.jpg\n" + folder + "/in/hats/0.jpg\n";
    write("l.lst", list.getBytes(StandardCharsets.UTF_8));

    Map<String, Object> result = prepare("l", "l.lst");

    assertThat(result).containsEntry("found", PICTURES + 1L).containsEntry("rejected", 1L);
    assertThat(rejected(table("l")))
        .containsExactly(Map.entry("file:" + folder + "/in/hats/gone.jpg", "unreadable"));
  }

  @Test
  void splitsOfTheSourceHoldAndMustBeKnown() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    pictures.forEach(
        (name, bytes) -> {
          String key = name.replace('/', '-').replace(".jpg", "");
          entries.put(key + ".jpg", bytes);
          entries.put(key + ".json", "{\"label\": 3, \"split\": \"test\"}".getBytes());
        });
    write("s.tar", Archives.tar(entries));
    prepare("s", "s.tar");
    assertThat(rows(table("s"), Split.TEST)).hasSize(PICTURES);
    assertThat(rows(table("s"), Split.TEST)).extracting(PatchRow::label).containsOnly("3");

    write("labels.tsv", "hats-0.jpg\tcap\ttrain\n".getBytes(StandardCharsets.UTF_8));
    PrepareApp.prepare(
        LocalSpark.session(),
        List.of(folder + "/s.tar"),
        table("labelled"),
        folder + "/labels.tsv",
        settings());
    assertThat(rows(table("labelled"))).extracting(PatchRow::label).contains("cap");

    entries.put("hats-0.json", "{\"split\": \"dev\"}".getBytes(StandardCharsets.UTF_8));
    write("d.tar", Archives.tar(entries));
    blamed(() -> prepare("d", "d.tar"), Blame.DATA, "d.tar!/hats-0.jpg is 'dev'", "--labels");
  }

  @Test
  void mistakesSayWhatIsWrong() {
    blamed(
        () -> prepare("g", "in/*/*.png"), Blame.USER, "nothing matches " + folder + "/in/*/*.png");
    parquet("p.parquet");
    blamed(
        () -> prepare("p", "p.parquet"),
        Blame.DATA,
        "p.parquet has no column bytes",
        "[image.bytes, image.path, kind]");
  }

  @Test
  void tinyImagenetIsListedFromItsShards() throws IOException {
    if (!Files.isDirectory(TINY_IMAGENET)) {
      System.err.println("SKIPPED: the shards are not in " + TINY_IMAGENET);
    }
    assumeThat(TINY_IMAGENET).as("shared/datasets/tiny-imagenet").isDirectory();

    Map<String, Object> result =
        PrepareApp.prepare(
            LocalSpark.session(),
            List.of(TINY_IMAGENET.toString()),
            table("tiny"),
            null,
            settings("image-size=16"));

    assertThat(result).containsEntry("found", 10_000L);
    TableSnapshot snapshot = PatchTable.open(table("tiny"), HADOOP).snapshot();
    assertThat(snapshot.labels()).hasSize(200).allMatch(label -> label.matches("n\\d{8}"));
  }

  private Map<String, byte[]> withSidecars() {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    pictures.forEach(
        (name, bytes) -> {
          String key = name.replace('/', '-').replace(".jpg", "");
          entries.put(key + ".jpg", bytes);
          entries.put(key + ".cls", name.substring(0, 4).getBytes(StandardCharsets.UTF_8));
        });
    return entries;
  }

  private String list() {
    StringBuilder list = new StringBuilder("# all pictures\n\n");
    for (String name : pictures.keySet()) {
      boolean relative = name.startsWith("hats");
      list.append(relative ? "in/" + name : folder.resolve("in/" + name).toUri()).append('\n');
    }
    return list.toString();
  }

  private void parquet(String file) {
    List<Group> rows = new ArrayList<>();
    pictures.forEach(
        (name, bytes) -> {
          Group row = new SimpleGroup(PARQUET);
          row.addGroup("image").append("bytes", Binary.fromConstantByteArray(bytes));
          rows.add(row.append("kind", name.substring(0, 4)));
        });
    Archives.parquet(folder.resolve(file), PARQUET, rows, ParquetShape.SMALL);
  }

  private Table iceberg(String name) throws IOException {
    return IcebergPictures.create(folder.resolve(name), pictures);
  }

  private Map<String, Object> prepare(String table, String input, String... settings)
      throws IOException {
    return PrepareApp.prepare(
        LocalSpark.session(),
        List.of(folder + "/" + input),
        table(table),
        null,
        settings(settings));
  }

  private static KeyValues settings(String... settings) {
    return KeyValues.ofWords(List.of(settings))
        .over(KeyValues.ofWords(List.of("image-size=32", "patch-size=8")));
  }

  private String table(String name) {
    return folder.resolve("tables/" + name).toString();
  }

  /** Labels by image id. */
  private static Map<String, String> labels(String table, Map<String, Object> result) {
    assertThat(result).containsEntry("found", (long) PICTURES).containsEntry("rejected", 0L);
    Map<String, String> labels = new TreeMap<>();
    for (PatchRow row : rows(table)) {
      labels.put(row.imageId(), String.valueOf(row.label()));
    }
    return labels;
  }

  private List<String> paths(String table) {
    return rows(table(table)).stream().map(PatchRow::path).sorted().toList();
  }

  private static List<PatchRow> rows(String table) {
    List<PatchRow> rows = new ArrayList<>();
    for (Split split : Split.values()) {
      rows.addAll(rows(table, split));
    }
    return rows;
  }

  private static List<PatchRow> rows(String table, Split split) {
    List<PatchRow> rows = new ArrayList<>();
    for (RowGroup group : PatchTable.open(table, HADOOP).snapshot().rowGroups(split)) {
      rows.addAll(RowGroupReader.read(group, HADOOP));
    }
    return rows;
  }

  /** Reasons by path. */
  private static Map<String, String> rejected(String table) throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    for (Record row : IcebergPictures.rows(new HadoopTables(HADOOP).load(table + "/rejected"))) {
      reasons.put((String) row.getField("path"), (String) row.getField("reason"));
    }
    return reasons;
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private static void blamed(ThrowingCallable call, Blame blame, String... parts) {
    assertThatThrownBy(call)
        .satisfies(
            e ->
                assertThat(
                        SplitMaskException.root(e).map(Throwable::getMessage).orElse(e.toString()))
                    .contains(parts))
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(blame));
  }
}
