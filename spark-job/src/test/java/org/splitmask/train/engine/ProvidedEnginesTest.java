/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

class ProvidedEnginesTest {
  @Test
  void aProcessWithoutTheArtefactNamesIt() {
    ProvidedEngines engines =
        new ProvidedEngines(
            "torch",
            "spark-job-torch.jar",
            new EngineSettings(DeviceKind.CPU, false, Precision.FLOAT32));

    assertThatThrownBy(() -> engines.heapBytes(1, 1))
        .isInstanceOfSatisfying(
            SplitMaskException.class, failure -> assertThat(failure.blame()).isEqualTo(Blame.USER))
        .hasMessageContaining("engine=torch needs spark-job-torch.jar on the class path")
        .hasMessageContaining("--jars")
        .hasMessageContaining("engine=dl4j");
  }
}
