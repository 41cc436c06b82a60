/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.loss.MatchLoss;
import org.splitmask.train.model.VisionLayer;
import org.splitmask.train.model.VisionLayerImplementation;
import org.splitmask.train.parameter.InitialValues;
import org.splitmask.train.parameter.ParameterSpec;
import org.splitmask.train.splitmask.Objective.Branches;

/**
 * The head D → V at the unseen positions and the losses. Input: decoder tokens [2N, L, D], or
 * without a split the encoder's [N, L, D]; labels [2N, L] or [N, L]: the token to inpaint, or -1
 * where the branch saw the patch.
 */
public final class SplitMaskOutputLayer extends VisionLayer {
  private static final long serialVersionUID = 1L;

  private int width;
  private int vocabulary;
  private Branches branches = Branches.TWO;
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
   */
  public SplitMaskOutputLayer(int width, Objective objective) {
    this.width = width;
    this.vocabulary = objective.vocabulary();
    this.branches = objective.branches();
    this.inpaintWeight = objective.inpaintWeight();
    this.matchWeight = objective.matchWeight();
    this.temperature = objective.matchTemperature();
    this.negatives = objective.negatives();
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

  /** None where there is nothing to match. */
  Optional<MatchLoss> match() {
    return branches == Branches.TWO
        ? Optional.of(new MatchLoss(temperature, negatives))
        : Optional.empty();
  }

  @Override
  protected List<Object> settings() {
    return List.of(width, vocabulary, branches, inpaintWeight, matchWeight, temperature, negatives);
  }

  @Override
  protected List<ParameterSpec> parameters() {
    return List.of(
        ParameterSpec.weight("weight", vocabulary, width),
        ParameterSpec.exempt("bias", InitialValues.ZEROS, vocabulary));
  }

  @Override
  protected VisionLayerImplementation<?> implementation(
      NeuralNetConfiguration conf, DataType type) {
    return new SplitMaskOutput(conf, type);
  }
}
