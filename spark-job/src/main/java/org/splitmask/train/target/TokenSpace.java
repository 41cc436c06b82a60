/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.target;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The vectors in which patches are compared with the vocabulary: a patch area-averaged down to 8×8
 * where 8 divides its side, the patch itself elsewhere, centred.
 *
 * @param patchSide P
 * @param channels C
 */
public record TokenSpace(int patchSide, int channels, TokenCentering centering)
    implements Serializable {
  /** The side that DALL-E's tokenizer, which the simple ones replace, gives a patch. */
  private static final int REDUCED_SIDE = 8;

  /** A tenth of one level of 255 in normalised units: below it the rest is rounding. */
  private static final double FLAT = 0.1 / 255;

  /** The side of the compared patch. */
  public int side() {
    return patchSide % REDUCED_SIDE == 0 ? REDUCED_SIDE : patchSide;
  }

  /** d, the length of a vector. */
  public int dimensions() {
    return side() * side() * channels;
  }

  /**
   * The vector of one patch.
   *
   * @param values normalised patches, [.., P·P·C]
   * @param from the patch's first value
   * @param out receives d values from {@code at} on
   */
  void reduce(float[] values, int from, float[] out, int at) {
    int factor = patchSide / side();
    float share = 1f / (factor * factor);
    for (int row = 0; row < side(); row++) {
      for (int column = 0; column < side(); column++) {
        for (int channel = 0; channel < channels; channel++) {
          float sum = 0;
          for (int y = row * factor; y < (row + 1) * factor; y++) {
            for (int x = column * factor; x < (column + 1) * factor; x++) {
              sum += values[from + (y * patchSide + x) * channels + channel];
            }
          }
          out[at + (row * side() + column) * channels + channel] = sum * share;
        }
      }
    }
    centre(out, at);
  }

  /**
   * The unit vector of one patch.
   *
   * @param values normalised patches, [.., P·P·C]
   * @param from the patch's first value
   * @return [d]; none for a patch that is flat once it is centred, which has no direction
   */
  public float @Nullable [] unitVector(float[] values, int from) {
    float[] vector = new float[dimensions()];
    reduce(values, from, vector, 0);
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = Math.sqrt(squares);
    if (length < FLAT * Math.sqrt(vector.length)) {
      return null;
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (vector[i] / length);
    }
    return vector;
  }

  private void centre(float[] vector, int at) {
    switch (centering) {
      case GLOBAL -> {}
      case PATCH -> subtractMean(vector, at, 1);
      case CHANNEL -> {
        for (int channel = 0; channel < channels; channel++) {
          subtractMean(vector, at + channel, channels);
        }
      }
    }
  }

  private void subtractMean(float[] vector, int first, int stride) {
    int count = dimensions() / stride;
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += vector[first + i * stride];
    }
    float mean = (float) (sum / count);
    for (int i = 0; i < count; i++) {
      vector[first + i * stride] -= mean;
    }
  }
}
