/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.model.VisiblePatches;
import org.splitmask.train.splitmask.Objective.Branches;

class StepMemoryTest {
  private static final int PATCH_VALUES = 12;
  private static final int VOCABULARY = 50;

  /** What was computed beforehand is what is there after a step, to the byte. */
  @ParameterizedTest
  @CsvSource({
    "TWO, SINCOS, 3, 8, 0, 0",
    "TWO, LEARNED, 5, 4, 0.1, 0",
    "TWO, SINCOS, 2, 8, 0, 0.3",
    "TWO, SINCOS, 2, 5, 0.1, 0.3",
    "ONE, LEARNED, 4, 10, 0, 0",
    "ONE, SINCOS, 4, 9, 0.1, 0.3",
    "ONE, SINCOS, 4, 9, 0, 0.3"
  })
  void isThatOfAStep(
      Branches branches, Positions positions, int images, int kept, double scale, double dropPath) {
    NetworkShape shape =
        new NetworkShape(4, PATCH_VALUES, 8, 3, 2, 24, 2, positions, 4, scale, dropPath);
    double matchWeight = branches == Branches.TWO ? 1 : 0;
    Objective objective =
        new Objective(branches, VOCABULARY, 1, matchWeight, 0.2, Negatives.OPPOSITE);
    SplitMaskNetwork network = SplitMaskNetwork.create(shape, objective, DataType.FLOAT, 1);
    INDArray patches = Nd4j.rand(DataType.FLOAT, images, shape.patches(), PATCH_VALUES);
    int sequences = branches == Branches.TWO ? 2 * images : images;
    int[][] visible = new int[sequences][];
    int[][] labels = new int[sequences][shape.patches()];
    for (int b = 0; b < sequences; b++) {
      visible[b] = VisiblePatches.counting(kept);
      Arrays.fill(labels[b], 0, kept, -1);
    }
    network.computeGradients(patches, visible, labels, new long[sequences]);
    network.computeGradients(patches, visible, labels, new long[sequences]);

    StepMemory memory = new StepMemory(shape, objective, images, kept);
    long patchBytes = patches.length() * Float.BYTES;
    assertThat(memory.bufferBytes()).isEqualTo(network.bufferBytes() + patchBytes);
    assertThat(memory.bytes(1000)).isEqualTo(memory.bufferBytes() + 8000);
  }
}
