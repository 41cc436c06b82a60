/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.model.Objective.Branches;

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
 * Without the split, BEiT's (Bao et al., 2106.08254):
 *
 * <pre>
 * patches ─► embedding ─┬► split ──────────┐
 * positions ────────────┴► encoder (mask) ─┴► encoder.input ─► encoder.0 … encoder.norm ─► head ─► loss
 * </pre>
 */
final class SplitMaskGraph {
  static final String PATCHES = "patches";
  static final String VISIBLE = "visible";
  static final String ENCODED = "encoder.norm";
  static final String DECODED = "decoder.norm";
  static final String HEAD = "head";
  private static final String POSITIONS = "positions";
  private static final String EMBEDDING = "embedding";
  private static final String SPLIT = "split";

  private final NetworkShape shape;
  private final GraphBuilder builder;

  private SplitMaskGraph(NetworkShape shape, DataType type, long seed) {
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

  /** The whole network. */
  static ComputationGraphConfiguration whole(
      NetworkShape shape, Objective objective, DataType type, long seed) {
    SplitMaskGraph graph = new SplitMaskGraph(shape, type, seed);
    graph.builder.addInputs(PATCHES, VISIBLE);
    graph.addEmbedding();
    graph.builder.addVertex(SPLIT, new SplitVertex(), EMBEDDING, POSITIONS, VISIBLE);
    if (objective.branches() == Branches.TWO) {
      graph.addEncoder(SPLIT);
      graph.addDecoder();
    } else {
      graph.addEncoder(graph.addMasked("encoder", SPLIT));
    }
    graph.builder.addLayer(
        HEAD, new SplitMaskOutputLayer(shape.width(), objective), lastLayer(objective));
    return graph.builder.setOutputs(HEAD).build();
  }

  /** The layer whose output the head reads. */
  static String lastLayer(Objective objective) {
    return objective.branches() == Branches.TWO ? DECODED : ENCODED;
  }

  /** The encoder alone; its tensors have the same names as in the whole. */
  static ComputationGraphConfiguration encoder(NetworkShape shape, DataType type, long seed) {
    SplitMaskGraph graph = new SplitMaskGraph(shape, type, seed);
    graph.builder.addInputs(PATCHES);
    graph.addEmbedding();
    graph.builder.addVertex(SPLIT, new SplitVertex(), EMBEDDING, POSITIONS);
    graph.addEncoder(SPLIT);
    return graph.builder.setOutputs(ENCODED).build();
  }

  private void addEmbedding() {
    builder.addLayer(
        POSITIONS,
        new PositionTableLayer(
            shape.positions(), shape.gridSide(), shape.positionGrid(), shape.width()),
        PATCHES);
    builder.addLayer(EMBEDDING, new LinearLayer(shape.patchValues(), shape.width()), PATCHES);
  }

  /** Fills the tokens up to all L by the mask embedding of {@code name}. */
  private String addMasked(String name, String tokens) {
    builder.addLayer(name, new MaskTokenLayer(shape.width()), POSITIONS);
    builder.addVertex(name + ".input", new MaskedTokensVertex(), tokens, name, VISIBLE);
    return name + ".input";
  }

  private void addEncoder(String input) {
    String last = input;
    for (int i = 0; i < shape.depth(); i++) {
      last = addBlock("encoder." + i, shape.dropPathOfBlock(i), last);
    }
    builder.addLayer(ENCODED, new LayerNormLayer(shape.width()), last);
  }

  private void addDecoder() {
    String last = addMasked("decoder", ENCODED);
    for (int i = 0; i < shape.decoderDepth(); i++) {
      last = addBlock("decoder." + i, 0, last);
    }
    builder.addLayer(DECODED, new LayerNormLayer(shape.width()), last);
  }

  private String addBlock(String name, double dropPath, String input) {
    builder.addLayer(
        name,
        new TransformerBlockLayer(
            shape.width(), shape.heads(), shape.hidden(), shape.layerScale(), dropPath),
        input);
    return name;
  }
}
