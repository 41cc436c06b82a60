/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;

/** The same pictures from every kind of source make the same rows. */
class SourcesIT extends SourcesFixture {
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
    write("all/.hidden.tar", tar);

    Map<String, Object> result =
        prepare("all", "all", "max-rejected-share=0.5", "max-rejected-archives=2");

    assertAddsUp(result);
    blamed(
        () -> prepare("strict", "all", "max-rejected-share=0.5"),
        Blame.DATA,
        "2 archives or Parquet files",
        "cut.tar (it ends in the middle of hats-0.jpg)",
        "no.zip",
        "max-rejected-archives=2");

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

    entries.put("hats-0.json", "{\"split\": \"some\"}".getBytes(StandardCharsets.UTF_8));
    write("d.tar", Archives.tar(entries));
    blamed(() -> prepare("d", "d.tar"), Blame.DATA, "d.tar!/hats-0.jpg is 'some'", "--labels");
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

    assertThat(result)
        .containsEntry("accepted", 10_000L)
        .containsEntry("companions", 10_000L)
        .containsEntry("found", 20_000L);
    TableSnapshot snapshot = PatchTable.open(table("tiny"), HADOOP).snapshot();
    assertThat(snapshot.labels()).hasSize(200).allMatch(label -> label.matches("n\\d{8}"));
  }
}
