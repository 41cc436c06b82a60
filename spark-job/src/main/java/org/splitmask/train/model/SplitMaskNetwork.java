/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.common.failure.Check;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.kernel.Scratch;

/**
 * SplitMask's network, or its encoder alone: gradients for training, features for use. Both
 * branches are stacked on the batch axis, so that there is one encoder by construction. One thread
 * at a time.
 */
public final class SplitMaskNetwork {
  private final ComputationGraph graph;
  private final ParameterManifest manifest;
  private final List<TransformerBlock> blocks = new ArrayList<>();
  private final Scratch scratch = new Scratch();
  private final Scratch temporaries = new Scratch();
  private final String lastLayer;

  private SplitMaskNetwork(ComputationGraph graph, String lastLayer) {
    this.graph = graph;
    this.lastLayer = lastLayer;
    this.graph.init();
    this.graph.initGradientsView();
    this.manifest = ParameterManifest.of(graph);
    for (Layer layer : graph.getLayers()) {
      ((VisionLayerImplementation<?>) layer).shareTemporaries(temporaries);
      if (layer instanceof TransformerBlock block) {
        blocks.add(block);
      }
    }
  }

  /** The whole network, started from the seed. */
  public static SplitMaskNetwork create(
      NetworkShape shape, Objective objective, DataType type, long seed) {
    return new SplitMaskNetwork(
        new ComputationGraph(SplitMaskGraph.whole(shape, objective, type, seed)),
        SplitMaskGraph.lastLayer(objective));
  }

  /** The encoder alone, for features; its tensors have the same names as in the whole. */
  public static SplitMaskNetwork createEncoder(NetworkShape shape, DataType type, long seed) {
    return new SplitMaskNetwork(
        new ComputationGraph(SplitMaskGraph.encoder(shape, type, seed)), SplitMaskGraph.ENCODED);
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
  public StepLosses computeGradients(
      INDArray patches, int[][] visible, int[][] labels, long[] seeds) {
    blocks.forEach(block -> block.setSequenceSeeds(seeds));
    graph.setInputs(patches, integers("visible", visible));
    graph.setLabels(integers("labels", labels));
    graph.computeGradientAndScore();
    blocks.forEach(block -> block.setSequenceSeeds(null));
    return output().losses();
  }

  /** The losses of {@link #computeGradients} by a forward pass, for finite differences. */
  StepLosses losses(INDArray patches, int[][] visible, int[][] labels, long[] seeds) {
    blocks.forEach(block -> block.setSequenceSeeds(seeds));
    INDArray[] inputs = {patches, integers("visible", visible)};
    INDArray tokens = activation(lastLayer, forward(inputs, Mode.TRAINING));
    output().setInput(tokens, LayerWorkspaceMgr.noWorkspaces());
    output().setLabels(integers("labels", labels));
    output().backward(tokens);
    return output().losses();
  }

  /**
   * The encoder's output after its layer norm, nothing masked; of a network that is the encoder
   * alone.
   *
   * @param patches [N, L, P·P·C], normalised
   * @return [N, L, D], a buffer that the next call overwrites
   */
  public INDArray encode(INDArray patches) {
    return activation(SplitMaskGraph.ENCODED, forward(new INDArray[] {patches}, Mode.INFERENCE));
  }

  /** The activations by layer of a forward pass, for tests against other implementations. */
  Map<String, INDArray> activations(INDArray patches, int[][] visible) {
    INDArray[] inputs = {patches, integers("visible", visible)};
    return forward(inputs, Mode.INFERENCE);
  }

  /** A matrix in native memory. */
  private INDArray integers(String name, int[][] matrix) {
    int width = matrix[0].length;
    INDArray array = scratch.array(name, DataType.INT32, matrix.length, width);
    for (int row = 0; row < matrix.length; row++) {
      NativeMemory.copy(matrix[row], array, row * width);
    }
    return array;
  }

  private enum Mode {
    TRAINING,
    INFERENCE
  }

  /** Everything but the head, which needs labels. */
  private Map<String, INDArray> forward(INDArray[] inputs, Mode mode) {
    int last = -1;
    for (int index : graph.topologicalSortOrder()) {
      last += graph.getVertices()[index].getVertexName().equals(SplitMaskGraph.HEAD) ? 0 : 1;
    }
    return graph.feedForward(inputs, last, mode == Mode.TRAINING, true);
  }

  private static INDArray activation(String layer, Map<String, INDArray> activations) {
    return Check.present(activations.get(layer), "no %s activation", layer);
  }

  private SplitMaskOutput output() {
    return (SplitMaskOutput) graph.getOutputLayer(0);
  }

  /** The flat parameter vector, [count]; writing to it changes the network. */
  public INDArray parameters() {
    INDArray view = graph.params();
    return view.reshape(view.length());
  }

  /** The flat gradient vector, [count], in the layout of the parameters. */
  public INDArray gradients() {
    INDArray view = graph.getFlattenedGradients();
    return view.reshape(view.length());
  }

  /** The bytes of all buffers that passes have needed so far, beside parameters and gradients. */
  long bufferBytes() {
    long bytes = scratch.bytes() + temporaries.bytes();
    for (Layer layer : graph.getLayers()) {
      bytes += ((VisionLayerImplementation<?>) layer).bufferBytes();
    }
    for (GraphVertex vertex : graph.getVertices()) {
      bytes += vertex instanceof TokenVertex.Implementation moving ? moving.bufferBytes() : 0;
    }
    return bytes;
  }

  public ParameterManifest manifest() {
    return manifest;
  }

  /** The DL4J graph itself. */
  public ComputationGraph graph() {
    return graph;
  }
}
