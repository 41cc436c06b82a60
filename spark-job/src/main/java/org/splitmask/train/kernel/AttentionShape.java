/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

/**
 * The sizes of one multi-head self-attention.
 *
 * @param sequences B, the number of independent sequences
 * @param tokens T, the tokens of a sequence
 * @param heads H
 * @param headWidth D/H
 */
public record AttentionShape(int sequences, int tokens, int heads, int headWidth) {
  /** D, the width of a token. */
  public int width() {
    return heads * headWidth;
  }

  /** The factor on the products of queries and keys, (D/H)^-0.5. */
  public double scale() {
    return 1 / Math.sqrt(headWidth);
  }
}
