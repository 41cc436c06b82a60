/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.SplittableRandom;
import org.splitmask.train.random.Seeds;

/**
 * Stochastic depth (Huang et al., 1603.09382): in training, a residual branch of a sequence is left
 * out with a probability p, and otherwise divided by 1 − p, so that its mean is what evaluation
 * computes.
 */
public final class DropPath {
  private DropPath() {}

  /**
   * The factor on one residual branch of each sequence: 0 or 1/(1 − p).
   *
   * @param rate p, in [0, 1)
   * @param seeds by sequence
   * @param layer the block's name
   * @param residual 0 for attention, 1 for the MLP
   * @return [B]
   */
  public static float[] factors(double rate, long[] seeds, String layer, int residual) {
    float[] factors = new float[seeds.length];
    for (int b = 0; b < factors.length; b++) {
      long seed = Seeds.of(seeds[b], Seeds.hash(layer), residual);
      boolean dropped = new SplittableRandom(seed).nextDouble() < rate;
      factors[b] = dropped ? 0 : (float) (1 / (1 - rate));
    }
    return factors;
  }
}
