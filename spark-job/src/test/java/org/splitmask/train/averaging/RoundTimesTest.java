/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerReport;

class RoundTimesTest {
  @Test
  void theSlowestWorkerDecidesAndThePartsAddUp() {
    RoundTimes times =
        RoundTimes.of(
            16, 1, 2, 0.5, List.of(report(new Pace(8, 3, 1)), report(new Pace(10, 2, 1))));

    assertThat(times).isEqualTo(new RoundTimes(16, 1, 2, 2, 8, 2.5, 0.5));
  }

  @Test
  void clocksThatDifferGiveNoNegativeTime() {
    RoundTimes times = RoundTimes.of(4, 0, 0, 0, List.of(report(new Pace(5, 1, 0))));

    assertThat(times.combine()).isZero();
    assertThat(times.steps()).isEqualTo(4);
  }

  private static WorkerReport report(Pace pace) {
    return new WorkerReport(0, 1, List.of(), 1, pace, 0);
  }
}
