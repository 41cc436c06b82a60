/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.splitmask.train.model.ParameterManifest;

/**
 * Layer-wise learning-rate decay (BEiT, 2106.08254; ELECTRA, 2003.10555): what lies d blocks below
 * the encoder's last norm has the rate times decay^d. Of a pre-trained encoder the first blocks
 * need to change least. Decoder and head have the full rate.
 */
final class LayerRates {
  private static final Pattern BLOCK = Pattern.compile("encoder\\.(\\d+)\\..*");

  private LayerRates() {}

  /**
   * The factor on the rate of each tensor.
   *
   * @param depth the encoder's blocks
   * @return by entry of the manifest
   */
  static double[] of(ParameterManifest manifest, int depth, double decay) {
    return manifest.entries().stream()
        .mapToDouble(entry -> Math.pow(decay, blocksBelowEnd(entry.name(), depth)))
        .toArray();
  }

  private static int blocksBelowEnd(String tensor, int depth) {
    Matcher block = BLOCK.matcher(tensor);
    if (block.matches()) {
      return depth - Integer.parseInt(block.group(1));
    }
    boolean isInput =
        tensor.startsWith("embedding.")
            || tensor.startsWith("positions.")
            || tensor.equals("encoder.mask");
    return isInput ? depth + 1 : 0;
  }
}
