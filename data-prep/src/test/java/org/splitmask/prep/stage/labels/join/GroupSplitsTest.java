/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.stage.labels.ListedFault;
import org.splitmask.prep.table.Split;

class GroupSplitsTest {
  private static final GroupSplits TEST =
      GroupSplits.of(Split.TEST, 7).plus(GroupSplits.of(Split.TEST, 2));
  private static final GroupSplits TRAIN =
      GroupSplits.of(Split.TRAIN, 9).plus(GroupSplits.of(Split.TRAIN, 5));

  @Test
  void aGroupIsInTheSplitThatIsNamed() {
    assertThat(TEST.split()).isEqualTo(Split.TEST);
    assertThat(TEST.contradicts()).isFalse();
  }

  @Test
  void theFirstPlacesOfTwoSplitsAreTold() {
    for (GroupSplits all : List.of(TEST.plus(TRAIN), TRAIN.plus(TEST))) {
      assertThat(all.contradicts()).isTrue();
      ListedFault fault = GroupsInOneSplit.fault("labels.tsv", "p1", all);
      assertThat(fault.line()).isEqualTo(5);
      assertThat(fault.message())
          .startsWith("line 2 of labels.tsv puts the group p1 into the split test, line 5 into")
          .contains("train");
    }
  }
}
