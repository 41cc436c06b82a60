/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import java.util.Locale;

/** How a vocabulary is made of a table's patches (SplitMask, section 3.3). */
public enum FittedTokenizer {
  /** Patches of different training pictures, as unit vectors. */
  RANDOM_PATCHES,
  /** Unit-length centroids of spherical k-means. */
  K_MEANS;

  /** The word: random-patches, k-means. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
