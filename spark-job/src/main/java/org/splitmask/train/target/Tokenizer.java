/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.target;

import java.util.Locale;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/** What a vocabulary is made of (SplitMask, section 3.3). */
public enum Tokenizer {
  /** Directions drawn at random; nothing of the pictures is in them. */
  RANDOM_PROJECTION,
  /** Patches of different training pictures, as unit vectors. */
  RANDOM_PATCHES,
  /** Unit-length centroids of spherical k-means. */
  K_MEANS;

  /** The tokenizer of that word, one that is fitted on a table. */
  public static Tokenizer fitted(String word) {
    for (Tokenizer tokenizer : values()) {
      if (tokenizer != RANDOM_PROJECTION && tokenizer.word().equals(word)) {
        return tokenizer;
      }
    }
    throw Check.failure(
        Blame.USER,
        "--tokenizer must be random-patches or k-means, was '%s'; random-projection needs no fitting",
        word);
  }

  /** The word: random-projection, random-patches, k-means. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
