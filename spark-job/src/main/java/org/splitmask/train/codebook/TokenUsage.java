/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import java.util.Arrays;

/**
 * How evenly a vocabulary is used.
 *
 * @param perplexity e to the entropy of the tokens: V if all are used alike, 1 if one is
 * @param topTenShare of the patches that the ten most frequent tokens stand for
 * @param used tokens that occur
 */
public record TokenUsage(double perplexity, double topTenShare, int used) {
  private static final int TOP = 10;

  /** Of tokens, each below {@code vocabulary}. */
  static TokenUsage of(int[] tokens, int vocabulary) {
    long[] counts = new long[vocabulary];
    for (int token : tokens) {
      counts[token]++;
    }
    double entropy = 0;
    int used = 0;
    for (long count : counts) {
      if (count > 0) {
        double share = (double) count / tokens.length;
        entropy -= share * Math.log(share);
        used++;
      }
    }
    Arrays.sort(counts);
    long top = Arrays.stream(counts, Math.max(0, vocabulary - TOP), vocabulary).sum();
    return new TokenUsage(Math.exp(entropy), (double) top / tokens.length, used);
  }
}
