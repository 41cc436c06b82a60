/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;
import static org.splitmask.prep.Pictures.png;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.image.Background;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.patch.Patchifier;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;

/** Real files, real Spark, a real table. */
class PrepareIT {
  private static final Configuration HADOOP = new Configuration();
  private static final int GOOD = 100;

  @TempDir private Path folder;
  private Path input = Path.of("");
  private String table = "";

  @BeforeEach
  void makePictures() throws IOException {
    input = folder.resolve("in");
    table = folder.resolve("out/table").toString();
    for (int i = 0; i < GOOD; i++) {
      String name = (i % 2 == 0 ? "hats" : "bags/red") + "/picture " + i;
      write(name, i % 3 == 0 ? png(noise(40, 50, i)) : jpeg(noise(60, 40, i)));
    }
  }

  @Test
  void foldersAreLabelsAndPixelsComeBack() throws IOException {
    Map<String, Object> result = prepare(null);

    assertThat(result).containsEntry("found", 100L).containsEntry("accepted", 100L);
    assertThat(result).containsEntry("rejected", 0L).containsEntry("unchanged", 0L);
    TableSnapshot snapshot = snapshot();
    assertThat(result).containsEntry("snapshot", snapshot.snapshotId());
    assertThat(snapshot.labels()).containsExactly("hats", "red");
    List<PatchRow> rows = rows(snapshot);
    assertThat(rows).hasSize(GOOD).extracting(PatchRow::imageId).doesNotHaveDuplicates();
    ImageDecoder decoder =
        new ImageDecoder(new ImageLimits(1 << 20, 1 << 20, 1), Background.WHITE, 32);
    for (PatchRow row : rows) {
      byte[] file = Files.readAllBytes(Path.of(row.path().replace("file:", "")));
      byte[] pixels = ((Decoded) decoder.decode(file)).image().pixels();
      assertThat(Patchifier.join(row.patches(), snapshot.shape())).isEqualTo(pixels);
    }
    assertThat(Path.of(table, "_writer.lease")).doesNotExist();
  }

  @Test
  void aLabelFileSaysLabelAndSplit() throws IOException {
    Path labels = folder.resolve("labels.tsv");
    Files.writeString(
        labels,
        "path\tlabel\tsplit\nhats/picture 0\tcap\ttest\nbags/red/picture 1\tpurse\tvalidation\n");

    Map<String, Object> result = prepare(labels.toString());

    assertThat(result).containsEntry("images", Map.of("train", 98L, "validation", 1L, "test", 1L));
    assertThat(rows(snapshot(), Split.TEST)).extracting(PatchRow::label).containsExactly("cap");
    assertThat(rows(snapshot(), Split.TRAIN)).extracting(PatchRow::label).containsOnlyNulls();

    Files.writeString(labels, "hats/picture 0\tcap\ttest\nhats/gone.jpg\tcap\ttest\n");
    blamed(
        () -> prepare(labels.toString()),
        Blame.DATA,
        "1 paths",
        "hats/gone.jpg (line 2)",
        "relative");
  }

  @Test
  void badFilesBecomeRowsOfRejected() throws IOException {
    byte[] good = jpeg(noise(60, 40, 1000));
    write("bags/red/a twin", good);
    write("hats/twin", good);
    write("hats/empty.jpg", new byte[0]);
    write("hats/another-empty.jpg", new byte[0]);
    write("hats/cut.jpg", Arrays.copyOf(good, good.length - 20));
    write("hats/cut-too.jpg", Arrays.copyOf(good, good.length - 20));
    write("hats/with:colon.jpg", "no picture".getBytes());
    write("hats/.hidden.jpg", good);
    write(".hidden/x.jpg", good);
    // Rejected with "unreadable" if Hadoop's checksum beside it were believed.
    write("hats/edited.png", png(noise(40, 40, 1001)));
    write("hats/.edited.png.crc", new byte[] {'c', 'r', 'c', 0, 0, 0, 2, 0, 1, 2, 3, 4});

    Map<String, Object> result = prepare(null, "max-rejected-share=0.1");

    assertThat(result).containsEntry("found", 111L).containsEntry("accepted", 102L);
    assertThat(result).containsEntry("skipped", 3L).containsEntry("companions", 0L);
    assertThat(result).containsEntry("rejected", 6L).containsEntry("duplicates", 1L);
    assertThat(result)
        .containsEntry(
            "rejectedByReason",
            Map.of("duplicate", 1L, "empty", 2L, "truncated", 2L, "unsupported-format", 1L));
    List<Record> rejected = rejected();
    assertThat(rejected).hasSize(6);
    Record twin =
        rejected.stream()
            .filter(r -> r.getField("reason").equals("duplicate"))
            .findAny()
            .orElseThrow();
    assertThat((String) twin.getField("path")).endsWith("hats/twin");
    assertThat((String) twin.getField("duplicate_of")).endsWith("bags/red/a twin");
    assertThat((String) twin.getField("detail")).contains("whose label and split are red/");
    assertThat(twin.getField("run_id")).isEqualTo(snapshot().runId());
  }

  @Test
  void tooManyBadFilesLeaveTheTableAsItWas() throws IOException {
    prepare(null);
    long before = snapshot().snapshotId();
    List<Path> files = parquetFiles("patches");
    for (int i = 0; i < 20; i++) {
      write("hats/bad" + i, new byte[] {1, 2, 3, (byte) i});
    }

    blamed(
        () -> prepare(null),
        Blame.DATA,
        "20 of 120 files rejected, 16.7 % besides duplicates, max-rejected-share is 5.0 %",
        "{unsupported-format=20}",
        "/hats/bad",
        "/rejected with run_id",
        "as they were");

    assertThat(snapshot().snapshotId()).isEqualTo(before);
    assertThat(parquetFiles("patches")).isEqualTo(files);
    assertThat(rejected()).hasSize(20);
    assertThat(prepare(null, "max-rejected-share=0.2"))
        .containsEntry("unchanged", 100L)
        .containsEntry("rejected", 20L);
  }

  @Test
  void otherSettingsAreRefusedNamingThem() throws IOException {
    prepare(null);
    long before = snapshot().snapshotId();

    blamed(
        () -> prepare(null, "min-side=20", "test-share=0.3"),
        Blame.USER,
        "{min-side=16, now 20, test-share=0.1, now 0.3}");
    assertThat(snapshot().snapshotId()).isEqualTo(before);
  }

  @Test
  void wrongPlacesAreRefusedBeforeAnythingIsWritten() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty/.only_hidden"));
    Files.createFile(empty.resolve("x.jpg"));
    KeyValues none = KeyValues.none();
    String in = input.toString();

    blamed(() -> prepare(List.of("/no/such"), table, none), Blame.USER, "no such folder: /no/such");
    blamed(
        () -> prepare(List.of(empty.getParent().toString()), table, none),
        Blame.DATA,
        "no pictures in",
        "1 hidden names",
        ".only_hidden");
    blamed(() -> prepare(List.of(in), in + "/t", none), Blame.USER, "inside the input");
    blamed(
        () -> prepare(List.of(in, in + "/hats"), table, none),
        Blame.USER,
        "give the outer one alone");
    blamed(() -> prepare(List.of(in), "s3a://b/t", none), Blame.USER, "object store");
    blamed(() -> prepare(null, "image-size=30", "patch-size=8"), Blame.USER, "not a multiple");
    assertThat(Path.of(table)).doesNotExist();
  }

  @Test
  void aFullDiskCommitsNothing() throws IOException {
    String onFullDisk = "full:" + table;
    KeyValues settings = KeyValues.ofWords(List.of("image-size=32", "patch-size=8"));
    Configuration hadoop = LocalSpark.session().sessionState().newHadoopConf();
    FullDisk.room = true;
    prepare(List.of(input.toString()), onFullDisk, settings);
    long before = PatchTable.open(onFullDisk, hadoop).snapshot().snapshotId();
    FullDisk.room = false;
    write("hats/one more", png(noise(40, 50, 1000)));

    assertThatThrownBy(() -> prepare(List.of(input.toString()), onFullDisk, settings))
        .hasMessageContaining("a Spark job failed")
        .hasMessageContaining("No space left on device")
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(Blame.CLUSTER));

    assertThat(PatchTable.open(onFullDisk, hadoop).snapshot().snapshotId()).isEqualTo(before);
    assertThat(Path.of(table, "_writer.lease")).doesNotExist();
  }

  private Map<String, Object> prepare(@Nullable String labels, String... settings)
      throws IOException {
    KeyValues given = KeyValues.ofWords(List.of(settings));
    KeyValues small = KeyValues.ofWords(List.of("image-size=32", "patch-size=8"));
    return PrepareApp.prepare(
        LocalSpark.session(), List.of(input.toString()), table, labels, given.over(small));
  }

  private static Map<String, Object> prepare(List<String> inputs, String output, KeyValues settings)
      throws IOException {
    return PrepareApp.prepare(LocalSpark.session(), inputs, output, null, settings);
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = input.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private TableSnapshot snapshot() {
    return PatchTable.open(table, HADOOP).snapshot();
  }

  private static List<PatchRow> rows(TableSnapshot snapshot) {
    List<PatchRow> rows = new ArrayList<>();
    for (Split split : Split.values()) {
      rows.addAll(rows(snapshot, split));
    }
    return rows;
  }

  private static List<PatchRow> rows(TableSnapshot snapshot, Split split) {
    List<PatchRow> rows = new ArrayList<>();
    for (RowGroup group : snapshot.rowGroups(split)) {
      rows.addAll(RowGroupReader.read(group, HADOOP));
    }
    return rows;
  }

  private List<Record> rejected() throws IOException {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(new HadoopTables(HADOOP).load(table + "/rejected")).build()) {
      List<Record> all = new ArrayList<>();
      rows.forEach(row -> all.add(row.copy()));
      return all;
    }
  }

  private List<Path> parquetFiles(String name) throws IOException {
    try (var files = Files.walk(Path.of(table, name))) {
      return files.filter(f -> f.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private static void blamed(ThrowingCallable call, Blame blame, String... parts) {
    assertThatThrownBy(call)
        .hasMessageContainingAll(parts)
        .satisfies(e -> assertThat(SplitMaskException.blameOf(e)).isEqualTo(blame));
  }
}
