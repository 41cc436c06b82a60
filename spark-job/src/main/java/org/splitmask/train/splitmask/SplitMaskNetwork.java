/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.model.GraphNetwork;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.task.GradientNetwork;
import org.splitmask.train.task.StepFigures;

/**
 * SplitMask's network with its gradients. Both branches are stacked on the batch axis, so that
 * there is one encoder by construction. One thread at a time.
 */
public final class SplitMaskNetwork extends GraphNetwork
    implements GradientNetwork<SplitMaskBatch> {
  private final NetworkShape shape;
  private final String lastLayer;

  /** A network whose parameters are still to be written. */
  SplitMaskNetwork(NetworkShape shape, Objective objective, DataType type) {
    super(SplitMaskGraph.whole(shape, objective, type, 0), type, Use.TRAINING);
    this.shape = shape;
    this.lastLayer = SplitMaskGraph.lastLayer(objective);
  }

  /** A network that starts from the seed. */
  public static SplitMaskNetwork create(
      NetworkShape shape, Objective objective, DataType type, long seed) {
    SplitMaskNetwork network = new SplitMaskNetwork(shape, objective, type);
    network.start(seed);
    return network;
  }

  @Override
  public StepFigures computeGradients(SplitMaskBatch batch) {
    INDArray patches =
        input("patches", DataType.FLOAT, batch.images(), shape.patches(), shape.patchValues());
    NativeMemory.copy(batch.patches(), patches);
    return computeGradients(patches, batch.visible(), batch.labels(), batch.seeds()).figures();
  }

  /**
   * One forward and backward pass; afterwards {@link #gradients()} holds the total's gradient. B
   * sequences: 2N, the A branch of every image and then the B branch, or N without a split.
   *
   * @param patches [N, L, P·P·C], normalised
   * @param visible [B, K] patch indices, ascending
   * @param labels [B, L] the token to inpaint, or -1 where the branch sees the patch
   * @param seeds [B] of what drop path draws for each sequence
   */
  SplitMaskLosses computeGradients(
      INDArray patches, int[][] visible, int[][] labels, long[] seeds) {
    setSequenceSeeds(seeds);
    graph().setInputs(patches, integers("visible", visible));
    graph().setLabels(integers("labels", labels));
    graph().computeGradientAndScore();
    setSequenceSeeds(null);
    return output().losses();
  }

  /** The losses of {@link #computeGradients} by a forward pass, for finite differences. */
  SplitMaskLosses losses(INDArray patches, int[][] visible, int[][] labels, long[] seeds) {
    setSequenceSeeds(seeds);
    INDArray[] inputs = {patches, integers("visible", visible)};
    INDArray tokens = activation(lastLayer, forward(inputs, /* training= */ true));
    output().setInput(tokens, LayerWorkspaceMgr.noWorkspaces());
    output().setLabels(integers("labels", labels));
    output().backward(tokens);
    return output().losses();
  }

  /** The activations by layer of a forward pass, for tests against other implementations. */
  Map<String, INDArray> activations(INDArray patches, int[][] visible) {
    INDArray[] inputs = {patches, integers("visible", visible)};
    return forward(inputs, /* training= */ false);
  }

  /** Everything but the head, which needs labels. */
  private Map<String, INDArray> forward(INDArray[] inputs, boolean training) {
    return activations(inputs, List.of(SplitMaskGraph.HEAD), training);
  }

  private SplitMaskOutput output() {
    return (SplitMaskOutput) graph().getOutputLayer(0);
  }
}
