/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import java.util.Locale;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/** How a vocabulary is made of a table's patches (SplitMask, section 3.3). */
public enum FittedTokenizer {
  /** Patches of different training pictures, as unit vectors. */
  RANDOM_PATCHES,
  /** Unit-length centroids of spherical k-means. */
  K_MEANS;

  /** The tokenizer of that word. */
  public static FittedTokenizer of(String word) {
    for (FittedTokenizer tokenizer : values()) {
      if (tokenizer.word().equals(word)) {
        return tokenizer;
      }
    }
    throw Check.failure(
        Blame.USER,
        "--tokenizer must be random-patches or k-means, was '%s'; random-projection needs no fitting",
        word);
  }

  /** The word: random-patches, k-means. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
