/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.optimizer;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.schedule.WarmupCosine;

/**
 * How parameters follow gradients.
 *
 * @param rate the learning rate along the run
 * @param layerDecay the factor on the rate from one block of the encoder to the one before it, in
 *     (0, 1]; 1 treats all alike
 * @param clipNorm the largest global gradient norm; longer gradients are scaled down to it
 * @param batchesPerUpdate mini-batches whose mean gradient makes one update
 */
public record Optimisation(
    AdamW adamW, WarmupCosine rate, double layerDecay, double clipNorm, int batchesPerUpdate)
    implements Serializable {
  public Optimisation {
    Check.that(
        layerDecay > 0 && layerDecay <= 1, "layer-decay must be in (0, 1], was %s", layerDecay);
    Check.that(clipNorm > 0, "clip-norm must be positive, was %s", clipNorm);
    Check.that(
        batchesPerUpdate >= 1, "batches-per-update must be at least 1, was %d", batchesPerUpdate);
  }
}
