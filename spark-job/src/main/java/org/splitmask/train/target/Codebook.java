/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.target;

import java.io.Serializable;
import java.util.SplittableRandom;
import org.splitmask.common.failure.Check;

/**
 * V unit vectors: the vocabulary of the inpainting targets.
 *
 * @param values [V, d] row-major
 * @param dimensions d
 */
public record Codebook(float[] values, int dimensions) implements Serializable {
  public Codebook {
    Check.data(
        dimensions > 0 && values.length > 0 && values.length % dimensions == 0,
        "a codebook of %d values cannot have %d dimensions",
        values.length,
        dimensions);
  }

  /** V. */
  public int vocabulary() {
    return values.length / dimensions;
  }

  /**
   * A random projection: components uniform in [−1, 1], then unit length (SplitMask, section 3.3;
   * the interval is ours).
   */
  public static Codebook randomProjection(int vocabulary, int dimensions, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[vocabulary * dimensions];
    double[] vector = new double[dimensions];
    for (int v = 0; v < vocabulary; v++) {
      double squares = 0;
      for (int i = 0; i < dimensions; i++) {
        vector[i] = 2 * random.nextDouble() - 1;
        squares += vector[i] * vector[i];
      }
      for (int i = 0; i < dimensions; i++) {
        values[v * dimensions + i] = (float) (vector[i] / Math.sqrt(squares));
      }
    }
    return new Codebook(values, dimensions);
  }
}
