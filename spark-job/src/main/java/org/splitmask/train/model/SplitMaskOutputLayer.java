/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.loss.MatchLoss;

/**
 * The head D → V at the unseen positions and both losses. Input: decoder tokens [2N, L, D]; labels
 * [2N, L]: the token to inpaint, or -1 where the branch saw the patch.
 */
public final class SplitMaskOutputLayer extends VisionLayer {
  private static final long serialVersionUID = 1L;

  private int width;
  private int vocabulary;
  private double inpaintWeight;
  private double matchWeight;
  private double temperature;
  private MatchLoss.Negatives negatives = MatchLoss.Negatives.OPPOSITE;

  /** For DL4J's deserialisation. */
  SplitMaskOutputLayer() {}

  /**
   * The output layer.
   *
   * @param width D
   * @param vocabulary V
   * @param inpaintWeight the factor on the inpaint loss
   * @param matchWeight λ, the factor on the match loss
   */
  public SplitMaskOutputLayer(
      int width, int vocabulary, double inpaintWeight, double matchWeight, MatchLoss match) {
    this.width = width;
    this.vocabulary = vocabulary;
    this.inpaintWeight = inpaintWeight;
    this.matchWeight = matchWeight;
    this.temperature = match.temperature();
    this.negatives = match.negatives();
  }

  int vocabulary() {
    return vocabulary;
  }

  double inpaintWeight() {
    return inpaintWeight;
  }

  double matchWeight() {
    return matchWeight;
  }

  MatchLoss match() {
    return new MatchLoss(temperature, negatives);
  }

  @Override
  List<ParameterSpec> parameters() {
    return List.of(
        ParameterSpec.weight("weight", vocabulary, width),
        ParameterSpec.exempt("bias", ParameterSpec.Initial.ZEROS, vocabulary));
  }

  @Override
  VisionLayerImplementation<?> implementation(NeuralNetConfiguration conf, DataType type) {
    return new SplitMaskOutput(conf, type);
  }
}
