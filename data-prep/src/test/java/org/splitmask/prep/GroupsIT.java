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
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.Split;

/**
 * {@code split-by=group} where sidecars or columns name the groups: four pictures of each patient.
 */
class GroupsIT extends SourcesFixture {
  private static final String[] BY_GROUP = {
    "split-by=group", "validation-share=0.3", "test-share=0.3"
  };

  @Test
  void picturesOfAGroupThatSidecarsNameAreInOneSplit() throws IOException {
    archive("a.tar", Map.of(5, Split.TEST));

    assertThat(prepare("a", "a.tar", BY_GROUP)).containsEntry("accepted", (long) PICTURES);
    Map<Integer, Split> splits = splitsByPatient("a");
    assertThat(splits).hasSize(PICTURES / 4).containsEntry(5 / 4, Split.TEST);
    assertThat(splits.values()).contains(Split.TRAIN);
    assertThat(prepare("a", "a.tar", BY_GROUP)).containsEntry("unchanged", (long) PICTURES);

    archive("a.tar", Map.of(5, Split.VALIDATION, 6, Split.VALIDATION));
    prepare("a", "a.tar", BY_GROUP);
    splits.put(5 / 4, Split.VALIDATION);
    assertThat(splitsByPatient("a")).isEqualTo(splits);
  }

  @Test
  void aColumnNamesGroups() throws IOException {
    parquet("p.parquet");

    prepare(
        "p",
        "p.parquet",
        "bytes-column=image.bytes",
        "group-column=kind",
        "split-by=group",
        "validation-share=0",
        "test-share=0.5");

    for (Split split : Split.values()) {
      assertThat(rows(table("p"), split).size()).isIn(0, PICTURES / 2, PICTURES);
    }
  }

  @Test
  void aGroupInTwoSplitsAndNoGroupAtAllAreRefused() throws IOException {
    archive("two.tar", Map.of(5, Split.TEST, 6, Split.TRAIN));

    blamed(
        () -> prepare("two", "two.tar", BY_GROUP),
        Blame.DATA,
        "two.tar!/5.jpg puts the group patient 1 into the split test",
        "two.tar!/6.jpg into train");
    blamed(
        () -> prepare("none", "in", BY_GROUP),
        Blame.USER,
        "no picture is in a group",
        "--labels",
        "group-column");
  }

  /** A tar archive with a sidecar for each picture; some say which split theirs is in. */
  private void archive(String file, Map<Integer, Split> splits) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    int picture = 0;
    for (byte[] bytes : pictures.values()) {
      Split split = splits.get(picture);
      String said = split == null ? "" : ", \"split\": \"" + split.word() + "\"";
      String json = "{\"label\": \"scan\", \"group\": \"patient " + picture / 4 + "\"" + said + "}";
      entries.put(picture + ".jpg", bytes);
      entries.put(picture + ".json", json.getBytes(StandardCharsets.UTF_8));
      picture++;
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
