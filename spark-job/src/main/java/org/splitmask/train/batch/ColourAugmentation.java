/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

final class ColourAugmentation {
  static void apply(float[] crop, int side, java.util.SplittableRandom random) {}
}
