/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.train.averaging.OuterStep;
import org.splitmask.train.local.AdamW;
import org.splitmask.train.schedule.WarmupCosine;

/** How it is minimised. */
public record OptimizerConfig(
    @Key(defaultValue = "0.001", help = "peak learning rate, absolute; positive")
        double learningRate,
    @Key(defaultValue = "0.05", help = "share of the run in which the rate rises; [0, 1)")
        double warmupShare,
    @Key(defaultValue = "0.01", help = "share of the peak that is left at the end; [0, 1]")
        double finalRateShare,
    @Key(defaultValue = "0.05", help = "decoupled decay of the linear layers' weights")
        double weightDecay,
    @Key(defaultValue = "0.9", help = "decay of AdamW's first moment; [0, 1)") double adamBeta1,
    @Key(defaultValue = "0.98", help = "decay of AdamW's second moment; [0, 1)") double adamBeta2,
    @Key(defaultValue = "1e-8", help = "AdamW's epsilon; positive") double adamEpsilon,
    @Key(defaultValue = "3", help = "largest global gradient norm; positive") double clipNorm,
    @Key(defaultValue = "1", help = "factor on the step to the average; 1 is plain averaging")
        double outerRate,
    @Key(defaultValue = "0", help = "Nesterov momentum of the averages; [0, 1)")
        double outerMomentum)
    implements Serializable {
  public AdamW adamW() {
    return new AdamW(adamBeta1, adamBeta2, adamEpsilon, weightDecay);
  }

  public WarmupCosine rate() {
    return new WarmupCosine(learningRate, warmupShare, finalRateShare);
  }

  public OuterStep outerStep() {
    return new OuterStep(outerRate, outerMomentum);
  }
}
