/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.stage.labels.LabelSource.Given;
import org.splitmask.prep.stage.labels.SplitRule;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.Split;

/**
 * {@code split-by=group} where sidecars or columns name the groups: four pictures of each patient.
 */
class GroupsIT extends SourcesFixture {
  private static final String[] BY_GROUP = {
    "split-by=group", "validation-share=0.3", "test-share=0.3"
  };
  private static final SplitConfig SHARES = new SplitConfig(0.3, 0.3, SplitBy.GROUP);

  @Test
  void picturesOfAGroupThatSidecarsNameAreInOneSplit() throws IOException {
    archive("a.tar", 0, PICTURES / 2, Map.of());
    archive("b.tar", PICTURES / 2 - 2, PICTURES, Map.of());

    assertThat(prepare("a", "a.tar", BY_GROUP)).containsEntry("accepted", PICTURES / 2L);
    prepare("a", "b.tar", BY_GROUP);

    Map<Integer, Split> splits = splitsByPatient("a");
    assertThat(splits).hasSize(PICTURES / 4);
    assertThat(splits.values()).contains(Split.TRAIN).hasSizeGreaterThan(1);
    splits.forEach((patient, split) -> assertThat(split).isEqualTo(drawn("patient " + patient)));
    assertThat(prepare("a", "b.tar", BY_GROUP)).containsEntry("relabelled", 0L);
  }

  @Test
  void aColumnNamesGroups() throws IOException {
    parquet("p.parquet");

    prepare(
        "p",
        "p.parquet",
        "bytes-column=image.bytes",
        "group-column=kind",
        "label-column=kind",
        "split-by=group",
        "validation-share=0.3",
        "test-share=0.3");

    for (String kind : List.of("hats", "bags")) {
      assertThat(rows(table("p"), drawn(kind)).stream().filter(row -> kind.equals(row.label())))
          .hasSize(PICTURES / 2);
    }
  }

  /** By itself, and by the name of an archive. */
  @Test
  void aPictureOfAGroupMayHaveNoSplit() throws IOException {
    archive("two.tar", 0, PICTURES, Map.of(5, Split.TEST));
    archive("shards/train-000.tar", 0, PICTURES / 2, Map.of());
    archive("shards/val-000.tar", PICTURES / 2, PICTURES, Map.of());

    blamed(
        () -> prepare("two", "two.tar", BY_GROUP),
        Blame.DATA,
        "two.tar!/5.jpg is of the group patient 1 and is given the split test",
        "split-folders=ignore",
        "--labels");
    blamed(() -> prepare("shards", "shards", BY_GROUP), Blame.DATA, "is given the split ");
    String[] ignored = {BY_GROUP[0], BY_GROUP[1], BY_GROUP[2], "split-folders=ignore"};
    assertThat(prepare("shards", "shards", ignored)).containsEntry("accepted", (long) PICTURES);
  }

  @Test
  void someMayHaveNoGroupAndNotAll() throws IOException {
    archive("both/a.tar", 0, 8, Map.of());
    write("both/alone.jpg", Pictures.jpeg(Pictures.noise(40, 40, 99)));

    assertThat(prepare("both", "both", BY_GROUP)).containsEntry("accepted", 9L);
    blamed(
        () -> prepare("none", "in", BY_GROUP),
        Blame.USER,
        "no picture in " + folder + "/in is in a group",
        "--labels",
        "group-column");
    write("cut/a.tar", new byte[0]);
    blamed(() -> prepare("cut", "cut", BY_GROUP), Blame.DATA, "archive");
  }

  private static Split drawn(String group) {
    return new SplitRule.ByGroup(SHARES).of(new Given(null, null, group), "", null);
  }

  /** A tar archive with a sidecar for each picture; some say which split theirs is in. */
  private void archive(String file, int from, int to, Map<Integer, Split> splits)
      throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    List<byte[]> all = List.copyOf(pictures.values());
    for (int picture = from; picture < to; picture++) {
      Split split = splits.get(picture);
      String said = split == null ? "" : ", \"split\": \"" + split.word() + "\"";
      String json = "{\"label\": \"scan\", \"group\": \"patient " + picture / 4 + "\"" + said + "}";
      entries.put(picture + ".jpg", all.get(picture));
      entries.put(picture + ".json", json.getBytes(StandardCharsets.UTF_8));
    }
    write(file, Archives.tar(entries));
  }

  private Map<Integer, Split> splitsByPatient(String table) {
    Map<Integer, Split> splits = new HashMap<>();
    for (Split split : Split.values()) {
      List<PatchRow> rows = rows(table(table), split);
      for (PatchRow row : rows) {
        String name = row.path().substring(row.path().lastIndexOf('/') + 1).replace(".jpg", "");
        Split before = splits.put(Integer.parseInt(name) / 4, split);
        assertThat(before).as(row.path()).isIn(null, split);
      }
    }
    return splits;
  }
}
