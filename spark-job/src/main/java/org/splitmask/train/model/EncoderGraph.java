/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The parts of a DL4J graph that every use of the encoder has: embedded patches, positions, blocks,
 * the last norm. The names of layers and tensors are the same in all of them, so that an encoder's
 * parameters go from one to another by name.
 */
public final class EncoderGraph {
  /** The graph's input [N, L, P·P·C]. */
  public static final String PATCHES = "patches";

  /** The layer whose output is the encoder's. */
  public static final String ENCODED = "encoder.norm";

  public static final String POSITIONS = "positions";
  public static final String EMBEDDING = "embedding";

  /** The embedded patches with their positions, those that a branch sees. */
  public static final String SPLIT = "split";

  private final NetworkShape shape;
  private final GraphBuilder builder;

  /** An empty graph. */
  public EncoderGraph(NetworkShape shape, DataType type, long seed) {
    this.shape = shape;
    this.builder =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .dataType(type)
            .miniBatch(false) // or DL4J would divide the gradients by N again
            .trainingWorkspaceMode(WorkspaceMode.NONE) // the layers keep their own buffers
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .graphBuilder();
  }

  /** The encoder alone, which sees all patches. */
  public static ComputationGraphConfiguration encoder(NetworkShape shape, DataType type) {
    EncoderGraph graph = new EncoderGraph(shape, type, /* seed= */ 0); // nothing is drawn in it
    graph.builder.addInputs(PATCHES);
    graph.addEmbedding();
    graph.builder.addVertex(SPLIT, new SplitVertex(), EMBEDDING, POSITIONS);
    graph.addEncoder(SPLIT);
    return graph.builder.setOutputs(ENCODED).build();
  }

  /** DL4J's own builder, for what is around the encoder. */
  public GraphBuilder builder() {
    return builder;
  }

  /** {@link #POSITIONS} and {@link #EMBEDDING}. */
  public void addEmbedding() {
    builder.addLayer(
        POSITIONS,
        new PositionTableLayer(
                shape.positions(), shape.gridSide(), shape.positionGrid(), shape.width())
            .withRateLevel(shape.depth() + 1),
        PATCHES);
    builder.addLayer(
        EMBEDDING,
        new LinearLayer(shape.patchValues(), shape.width()).withRateLevel(shape.depth() + 1),
        PATCHES);
  }

  /**
   * Fills the tokens up to all L by a mask embedding.
   *
   * @param name the mask embedding's
   * @param visible the input [B, K] that says which patches the tokens are of
   * @param rateLevel of the embedding, {@link VisionLayer#withRateLevel}
   * @return the name of the filled tokens
   */
  public String addMasked(String name, String tokens, String visible, int rateLevel) {
    builder.addLayer(name, new MaskTokenLayer(shape.width()).withRateLevel(rateLevel), POSITIONS);
    builder.addVertex(name + ".input", new MaskedTokensVertex(), tokens, name, visible);
    return name + ".input";
  }

  /** The encoder's blocks and its norm, over these tokens. */
  public void addEncoder(String input) {
    String last = input;
    for (int i = 0; i < shape.depth(); i++) {
      last = addBlock("encoder." + i, shape.dropPathOfBlock(i), shape.depth() - i, last);
    }
    builder.addLayer(ENCODED, new LayerNormLayer(shape.width()), last);
  }

  /** A transformer block; returns its name. */
  public String addBlock(String name, double dropPath, int rateLevel, String input) {
    builder.addLayer(
        name,
        new TransformerBlockLayer(
                shape.width(), shape.heads(), shape.hidden(), shape.layerScale(), dropPath)
            .withRateLevel(rateLevel),
        input);
    return name;
  }
}
