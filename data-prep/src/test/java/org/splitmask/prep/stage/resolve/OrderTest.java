/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.LabelSource.Given;
import org.splitmask.prep.stage.labels.SplitRule;
import org.splitmask.prep.table.Split;

/** Where rows go: which split, which task, which place. */
class OrderTest {
  private static final int KEYS = 20_000;
  private static final SplitConfig SHARES = new SplitConfig(0.2, 0.1, SplitBy.HASH);

  @Test
  void splitsHaveTheirSharesInEveryPartOfTheOrder() {
    HashRanges tasks = new HashRanges(4);
    List<Map<Split, Integer>> byTask = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      byTask.add(new EnumMap<>(Split.class));
    }
    for (int i = 0; i < KEYS; i++) {
      String hash = ContentHash.of("picture " + i);
      byTask.get(tasks.getPartition(new FileKey(hash, "p"))).merge(split(hash), 1, Integer::sum);
    }
    for (Map<Split, Integer> task : byTask) {
      int all = task.values().stream().mapToInt(Integer::intValue).sum();
      assertThat((double) all / KEYS).isCloseTo(0.25, within(0.02));
      assertThat((double) task.get(Split.VALIDATION) / all).isCloseTo(0.2, within(0.02));
      assertThat((double) task.get(Split.TEST) / all).isCloseTo(0.1, within(0.02));
    }
  }

  @Test
  void splitsOfAPictureStay() {
    // Values of an earlier build: a picture must never wander from test to train.
    assertThat(split("0".repeat(64))).isEqualTo(Split.TEST);
    assertThat(split("0".repeat(51) + "3".repeat(13))).isEqualTo(Split.VALIDATION);
    assertThat(split("0".repeat(51) + "f".repeat(13))).isEqualTo(Split.TRAIN);
  }

  @Test
  void rangesFollowTheOrderOfKeys() {
    HashRanges tasks = new HashRanges(7);

    assertThat(tasks.getPartition(new FileKey("0".repeat(64), "p"))).isZero();
    assertThat(tasks.getPartition(new FileKey("f".repeat(64), "p"))).isEqualTo(6);
    FileKey low = new FileKey("7f" + "0".repeat(62), "z");
    FileKey high = new FileKey("80" + "0".repeat(62), "a");
    assertThat(low).isLessThan(high);
    assertThat(tasks.getPartition(low)).isLessThanOrEqualTo(tasks.getPartition(high));
  }

  @Test
  void equalFilesComeInOrderOfPath() {
    String hash = ContentHash.of("same");

    assertThat(new FileKey(hash, "a/z.jpg")).isLessThan(new FileKey(hash, "b/a.jpg"));
  }

  @Test
  void theLabelIsTheFoldersName() {
    assertThat(file("file:/in", "file:/in/hats/x.jpg").folderName()).isEqualTo("hats");
    assertThat(file("file:/in", "file:/in/train/hats/x.jpg").folderName()).isEqualTo("hats");
    assertThat(file("file:/in", "file:/in/x.jpg").folderName()).isNull();
    assertThat(file("file:/", "file:/in/x.jpg").relativePath()).isEqualTo("in/x.jpg");
  }

  private static Split split(String hash) {
    return new SplitRule.ByHash(SHARES).of(new Given(null, null, null), hash, null);
  }

  private static SourceItem file(String root, String path) {
    return new SourceItem(root, path, 1, 1);
  }
}
