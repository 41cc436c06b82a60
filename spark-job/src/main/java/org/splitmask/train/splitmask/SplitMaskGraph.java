/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import static org.splitmask.train.model.EncoderGraph.EMBEDDING;
import static org.splitmask.train.model.EncoderGraph.ENCODED;
import static org.splitmask.train.model.EncoderGraph.PATCHES;
import static org.splitmask.train.model.EncoderGraph.POSITIONS;
import static org.splitmask.train.model.EncoderGraph.SPLIT;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.model.EncoderGraph;
import org.splitmask.train.model.LayerNormLayer;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.SplitVertex;
import org.splitmask.train.splitmask.Objective.Branches;

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
  static final String VISIBLE = "visible";
  static final String HEAD = "head";
  private static final String DECODED = "decoder.norm";

  private SplitMaskGraph() {}

  /** The whole network. */
  static ComputationGraphConfiguration whole(
      NetworkShape shape, Objective objective, DataType type, long seed) {
    EncoderGraph graph = new EncoderGraph(shape, type, seed);
    graph.builder().addInputs(PATCHES, VISIBLE);
    graph.addEmbedding();
    graph.builder().addVertex(SPLIT, new SplitVertex(), EMBEDDING, POSITIONS, VISIBLE);
    if (objective.branches() == Branches.TWO) {
      graph.addEncoder(SPLIT);
      addDecoder(graph, shape);
    } else {
      graph.addEncoder(graph.addMasked("encoder", SPLIT, VISIBLE, shape.depth() + 1));
    }
    graph
        .builder()
        .addLayer(HEAD, new SplitMaskOutputLayer(shape.width(), objective), lastLayer(objective));
    return graph.builder().setOutputs(HEAD).build();
  }

  /** The layer whose output the head reads. */
  static String lastLayer(Objective objective) {
    return objective.branches() == Branches.TWO ? DECODED : ENCODED;
  }

  private static void addDecoder(EncoderGraph graph, NetworkShape shape) {
    String last = graph.addMasked("decoder", ENCODED, VISIBLE, 0);
    for (int i = 0; i < shape.decoderDepth(); i++) {
      last = graph.addBlock("decoder." + i, 0, 0, last);
    }
    graph.builder().addLayer(DECODED, new LayerNormLayer(shape.width()), last);
  }
}
