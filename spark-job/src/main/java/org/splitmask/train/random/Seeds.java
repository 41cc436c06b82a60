/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.random;

/**
 * Seeds by hashing what they are for: the same purpose draws the same numbers, whoever draws them,
 * in whatever order, on whatever retry.
 */
public final class Seeds {
  static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private Seeds() {}

  /** A seed for the purpose that the parts name; their order matters. */
  public static long of(long... parts) {
    long seed = 0;
    for (long part : parts) {
      seed = mix(seed + GOLDEN_GAMMA + mix(part));
    }
    return seed;
  }

  /** A 64-bit hash of a text (FNV-1a over its UTF-16 units, then mixed). */
  public static long hash(String text) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
    }
    return mix(hash);
  }

  /**
   * Stafford's variant 13 of the 64-bit finaliser, as in SplittableRandom (Steele et al., 2014).
   */
  static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
