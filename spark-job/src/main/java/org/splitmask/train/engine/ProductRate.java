/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

/**
 * How fast matrix products alone are where an engine computes.
 *
 * @param library that multiplies
 * @param gigaflops what it reaches in the engine's precision, in GFLOP/s
 */
public record ProductRate(String library, double gigaflops) {
  /** Of an engine that does not multiply. */
  public static final ProductRate UNKNOWN = new ProductRate("none", Double.NaN);
}
