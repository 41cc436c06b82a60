/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.train.averaging.Moments;
import org.splitmask.train.averaging.OuterStep;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.schedule.RateScaling;
import org.splitmask.train.schedule.WarmupCosine;

/** How the losses are minimised. */
public record OptimizerConfig(
    @Key(defaultValue = "0.001", help = "peak learning rate; positive") double learningRate,
    @Key(
            defaultValue = "none",
            help =
                "none: learning-rate is used as it is; linear, sqrt: it is meant for 2048 images"
                    + " per update, and is multiplied by images per update / 2048, or by the"
                    + " square root of that")
        RateScaling lrScaling,
    @Key(defaultValue = "0.05", help = "share of the run in which the learning rate rises; [0, 1)")
        double warmupShare,
    @Key(
            defaultValue = "0.01",
            help = "share of the peak learning rate that is left at the end; [0, 1]")
        double finalRateShare,
    @Key(
            defaultValue = "0.05",
            help = "decoupled weight decay, on the weights of linear layers alone; not negative")
        double weightDecay,
    @Key(defaultValue = "0.9", help = "decay of AdamW's first moment; [0, 1)") double adamBeta1,
    @Key(defaultValue = "0.98", help = "decay of AdamW's second moment; [0, 1)") double adamBeta2,
    @Key(defaultValue = "1e-8", help = "AdamW's epsilon; positive") double adamEpsilon,
    @Key(
            defaultValue = "1",
            help =
                "factor on the learning rate from each encoder block to the block before it; (0,"
                    + " 1]")
        double layerDecay,
    @Key(defaultValue = "3", help = "largest global gradient norm; positive") double clipNorm,
    @Key(
            defaultValue = "1",
            help =
                "factor on the step from the old parameters to the average; positive; 1 is plain"
                    + " averaging")
        double outerRate,
    @Key(defaultValue = "0", help = "Nesterov momentum of the averages; [0, 1)")
        double outerMomentum,
    @Key(
            defaultValue = "average",
            help =
                "Adam's moments between rounds; average: as the parameters are; reset: every round"
                    + " begins with none, and a third of the bytes travels")
        Moments moments)
    implements Serializable {
  /** How workers follow their gradients; so many images are seen by one update. */
  public Optimisation optimisation(long imagesPerUpdate, int batchesPerUpdate) {
    return new Optimisation(
        new AdamW(adamBeta1, adamBeta2, adamEpsilon, weightDecay),
        new WarmupCosine(peakRate(imagesPerUpdate), warmupShare, finalRateShare),
        layerDecay,
        clipNorm,
        batchesPerUpdate);
  }

  /** The learning rate at its peak, scaled as the keys say. */
  public double peakRate(long imagesPerUpdate) {
    return lrScaling.rate(learningRate, imagesPerUpdate);
  }

  public OuterStep outerStep() {
    return new OuterStep(outerRate, outerMomentum, moments);
  }
}
