/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.common.failure.Check;
import org.splitmask.train.loss.MatchLoss;

/**
 * SplitMask's network (El-Nouby et al., 2112.10740) as a DL4J graph.
 *
 * <pre>
 * patches ─► embedding ─┐                                        ┌► decoder (mask) ─┐
 * positions ────────────┼─► split ─► encoder.0 … encoder.norm ───┼──────────────────┼► decoder.input
 * visible ──────────────┘                                        └──────────────────┘       │
 *                                        losses ◄─ head ◄─ decoder.norm ◄─ … decoder.0 ◄─────┘
 * </pre>
 *
 * <p>Both branches are stacked on the batch axis, so that there is one encoder by construction. One
 * thread at a time.
 */
public final class SplitMaskNetwork {
  private static final String PATCHES = "patches";
  private static final String VISIBLE = "visible";
  private static final String ENCODED = "encoder.norm";

  private final ComputationGraph graph;
  private final ParameterManifest manifest;

  private SplitMaskNetwork(ComputationGraph graph) {
    this.graph = graph;
    this.graph.init();
    this.graph.initGradientsView();
    this.manifest = ParameterManifest.of(graph);
  }

  /** The whole network, started from the seed. */
  public static SplitMaskNetwork create(
      NetworkShape shape, Objective objective, DataType type, long seed) {
    return new SplitMaskNetwork(new ComputationGraph(configuration(shape, objective, type, seed)));
  }

  /** The encoder alone, for features; its tensors have the same names as in the whole. */
  public static SplitMaskNetwork createEncoder(NetworkShape shape, DataType type, long seed) {
    GraphBuilder builder = builder(type, seed);
    addEncoder(builder, shape);
    return new SplitMaskNetwork(new ComputationGraph(builder.setOutputs(ENCODED).build()));
  }

  /** The whole network's configuration, as {@code SparkComputationGraph} takes it. */
  public static ComputationGraphConfiguration configuration(
      NetworkShape shape, Objective objective, DataType type, long seed) {
    GraphBuilder builder = builder(type, seed);
    addEncoder(builder, shape);
    builder.addLayer("decoder", new MaskTokenLayer(shape.width()), "positions");
    builder.addVertex("decoder.input", new DecoderInputVertex(), ENCODED, "decoder", VISIBLE);
    String last = addBlocks(builder, "decoder", shape.decoderDepth(), shape, "decoder.input");
    builder.addLayer("decoder.norm", new LayerNormLayer(shape.width()), last);
    MatchLoss match = new MatchLoss(objective.matchTemperature(), objective.negatives());
    builder.addLayer(
        "head",
        new SplitMaskOutputLayer(
            shape.width(),
            objective.vocabulary(),
            objective.inpaintWeight(),
            objective.matchWeight(),
            match),
        "decoder.norm");
    return builder.setOutputs("head").build();
  }

  private static GraphBuilder builder(DataType type, long seed) {
    return new NeuralNetConfiguration.Builder()
        .seed(seed)
        .dataType(type)
        .miniBatch(false) // or DL4J would divide the gradients by N again
        .trainingWorkspaceMode(WorkspaceMode.NONE) // the layers keep their own buffers
        .inferenceWorkspaceMode(WorkspaceMode.NONE)
        .graphBuilder()
        .addInputs(PATCHES, VISIBLE);
  }

  private static void addEncoder(GraphBuilder builder, NetworkShape shape) {
    builder.addLayer(
        "positions",
        new PositionTableLayer(shape.positions(), shape.gridSide(), shape.width()),
        PATCHES);
    builder.addLayer("embedding", new LinearLayer(shape.patchValues(), shape.width()), PATCHES);
    builder.addVertex("split", new SplitVertex(), "embedding", "positions", VISIBLE);
    String last = addBlocks(builder, "encoder", shape.depth(), shape, "split");
    builder.addLayer(ENCODED, new LayerNormLayer(shape.width()), last);
  }

  private static String addBlocks(
      GraphBuilder builder, String name, int depth, NetworkShape shape, String input) {
    String last = input;
    for (int i = 0; i < depth; i++) {
      TransformerBlockLayer block =
          new TransformerBlockLayer(
              shape.width(), shape.heads(), shape.hidden(), shape.layerScale());
      builder.addLayer(name + "." + i, block, last);
      last = name + "." + i;
    }
    return last;
  }

  /**
   * One forward and backward pass; afterwards {@link #gradients()} holds the total's gradient.
   *
   * @param patches [N, L, P·P·C], normalised
   * @param visible [2N, K] patch indices, ascending; the A branch of every image, then the B branch
   * @param labels [2N, L] the token to inpaint, or -1 where the branch sees the patch
   */
  public StepLosses computeGradients(INDArray patches, int[][] visible, int[][] labels) {
    graph.setInputs(patches, Nd4j.createFromArray(visible));
    graph.setLabels(Nd4j.createFromArray(labels));
    graph.computeGradientAndScore();
    return ((SplitMaskOutput) graph.getOutputLayer(0)).losses();
  }

  /** The losses of {@link #computeGradients} by a forward pass, for finite differences. */
  StepLosses losses(INDArray patches, int[][] visible, int[][] labels) {
    INDArray decoded =
        Check.present(activations(patches, visible).get("decoder.norm"), "no decoder activation");
    SplitMaskOutput output = (SplitMaskOutput) graph.getOutputLayer(0);
    output.setInput(decoded, LayerWorkspaceMgr.noWorkspaces());
    output.setLabels(Nd4j.createFromArray(labels));
    output.backward(decoded);
    return output.losses();
  }

  /**
   * The encoder's output after its layer norm, nothing masked.
   *
   * @param patches [N, L, P·P·C], normalised
   * @return [N, L, D], a buffer that the next call overwrites
   */
  public INDArray encode(INDArray patches) {
    int[] all = VisiblePatches.counting((int) patches.size(1));
    int[][] visible = new int[(int) patches.size(0)][];
    Arrays.fill(visible, all);
    return Check.present(activations(patches, visible).get(ENCODED), "no %s activation", ENCODED);
  }

  /** The activations by layer of a forward pass, for tests against other implementations. */
  Map<String, INDArray> activations(INDArray patches, int[][] visible) {
    INDArray[] inputs = {patches, Nd4j.createFromArray(visible)};
    int[] order = graph.topologicalSortOrder();
    List<Integer> computed = new ArrayList<>();
    for (int index : order) {
      if (!graph.getVertices()[index].isInputVertex()
          && !graph.getVertices()[index].getVertexName().equals("head")) {
        computed.add(index);
      }
    }
    int last = inputs.length + computed.size() - 1;
    return graph.feedForward(inputs, last, false, true);
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

  public ParameterManifest manifest() {
    return manifest;
  }

  /** The DL4J graph itself. */
  public ComputationGraph graph() {
    return graph;
  }
}
