/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * (u/255 − mean)/std per channel.
 *
 * @param mean [C] of pixels in [0, 1]
 * @param deviation [C]
 */
public record PixelNormalisation(float[] mean, float[] deviation) implements Serializable {
  /** The customary statistics of ImageNet's pixels. */
  public static final PixelNormalisation IMAGENET =
      new PixelNormalisation(
          new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

  public PixelNormalisation {
    Check.invariant(mean.length == deviation.length, "means and deviations differ in number");
    for (float value : deviation) {
      Check.data(value > 0, "a pixel deviation must be positive, was %s", value);
    }
  }

  float apply(float level, int channel) {
    return (level / 255f - mean[channel]) / deviation[channel];
  }
}
