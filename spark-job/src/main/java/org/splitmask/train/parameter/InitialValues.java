/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.parameter;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.splitmask.train.random.Seeds;

/** How a tensor starts. */
public sealed interface InitialValues {
  /** Normal with deviation 0.02, cut at ±2 deviations: ViT's and BEiT's. */
  InitialValues DRAWN = new TruncatedNormal(0.02, 2);

  InitialValues ZEROS = new Constant(0);
  InitialValues ONES = new Constant(1);

  /** Every element alike. */
  static InitialValues constant(double value) {
    return new Constant(value);
  }

  /**
   * The tensor's elements, one after the other. They depend on the seed and the tensor's name
   * alone, so that a tensor starts the same whatever stands before it in the network.
   *
   * @param tensor its name in the network
   */
  DoubleSupplier values(String tensor, long seed);

  /**
   * All elements are one number.
   *
   * @param value the number
   */
  record Constant(double value) implements InitialValues {
    @Override
    public DoubleSupplier values(String tensor, long seed) {
      return () -> value;
    }
  }

  /**
   * Drawn from a normal distribution around 0.
   *
   * @param deviation the standard deviation before cutting
   * @param cut how many deviations from 0 a value may be; others are drawn again
   */
  record TruncatedNormal(double deviation, double cut) implements InitialValues {
    @Override
    public DoubleSupplier values(String tensor, long seed) {
      SplittableRandom random = new SplittableRandom(Seeds.of(seed, Seeds.hash(tensor)));
      return () -> {
        double value = random.nextGaussian();
        while (Math.abs(value) > cut) {
          value = random.nextGaussian();
        }
        return deviation * value;
      };
    }
  }
}
