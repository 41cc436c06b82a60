/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;

class ProvidedEnginesTest {
  private static final EngineArtefact ARTEFACT = new EngineArtefact("torch", "spark-job-torch.jar");
  private static final EngineSettings SETTINGS =
      new EngineSettings(DeviceKind.CPU, false, Precision.FLOAT32, false);

  @Test
  void aProcessWithoutTheArtefactNamesIt() {
    assertNamesIt(() -> new ProvidedEngines(ARTEFACT, SETTINGS).heapBytes(1, 1));
  }

  @Test
  void soDoesOneThatIsToEncode() {
    NetworkShape shape = new NetworkShape(2, 12, 8, 1, 2, 16, 1, Positions.SINCOS, 2, 0, 0);
    assertNamesIt(() -> new ProvidedEncoders(ARTEFACT, SETTINGS).open(shape, new float[1], 1));
  }

  private static void assertNamesIt(ThrowingCallable work) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(
            SplitMaskException.class, failure -> assertThat(failure.blame()).isEqualTo(Blame.USER))
        .hasMessageContaining("engine=torch needs spark-job-torch.jar on the class path")
        .hasMessageContaining("--jars")
        .hasMessageContaining("engine=dl4j");
  }
}
