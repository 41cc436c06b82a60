/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.optimizer;

import org.splitmask.train.parameter.ParameterManifest;

/**
 * Layer-wise learning-rate decay (BEiT, 2106.08254; ELECTRA, 2003.10555): what lies d blocks below
 * the encoder's last norm has the rate times decay^d. Of a pre-trained encoder the first blocks
 * need to change least. What is not in the encoder has the full rate.
 */
public final class LayerRates {
  private LayerRates() {}

  /**
   * The factor on the rate of each tensor, from the rate level of its specification.
   *
   * @return by entry of the manifest
   */
  public static double[] of(ParameterManifest manifest, double decay) {
    return manifest.entries().stream()
        .mapToDouble(entry -> Math.pow(decay, entry.rateLevel()))
        .toArray();
  }
}
