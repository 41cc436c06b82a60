/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.classifier;

import java.util.Set;
import org.splitmask.train.averaging.OuterStep;
import org.splitmask.train.config.InputConfig;
import org.splitmask.train.config.ModelConfig;
import org.splitmask.train.config.OptimizerConfig;
import org.splitmask.train.config.RunConfig;
import org.splitmask.train.config.RunSettings;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.optimizer.Optimisation;

/** The keys of a classifier's run. */
public record ClassifierConfig(
    ModelConfig model, OptimizerConfig optimizer, InputConfig input, RunConfig run)
    implements RunSettings {
  @Override
  public Optimisation optimisation() {
    return optimizer.optimisation(run.imagesPerUpdate(), run.batchesPerUpdate());
  }

  @Override
  public OuterStep outerStep() {
    return optimizer.outerStep();
  }

  @Override
  public Set<String> changeable() {
    return TrainConfig.CHANGEABLE;
  }
}
