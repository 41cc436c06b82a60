/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.splitmask.prep.stage.resolve.Tally.Count;

class TallyTest {
  @Test
  void countsOfTasksAddUpBeyondWhatAnIntHolds() {
    Tally all = new Tally();
    for (int task = 0; task < 3; task++) {
      Tally tally = new Tally();
      tally.count(Count.ACCEPTED, 1_500_000_000L);
      tally.count(Count.UNCHANGED, 500_000_000L);
      tally.count(Count.BAD, 1_500_000_000L);
      all.add(tally);
    }

    assertThat(all.of(Count.ACCEPTED)).isEqualTo(4_500_000_000L);
    assertThat(all.found()).isEqualTo(6_000_000_000L);
    assertThat(all.badShare(3_000_000_000L)).isEqualTo(7.5 / 9);
  }
}
