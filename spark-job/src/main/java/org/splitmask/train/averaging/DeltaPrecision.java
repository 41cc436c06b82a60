/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

/**
 * How exactly a worker tells how far it went, Δ_w = θ_w − θ_r. What is left out is drawn, not cut:
 * values are rounded up or down at random so that their mean is exact ({@link QuantisedSegment}).
 */
public enum DeltaPrecision {
  /** Parameters and moments as they are. */
  FLOAT32(Float.BYTES, 0),
  /** 65,535 steps for each block of deltas, and 16 bits of each moment. */
  INT16(Short.BYTES, 32_767),
  /** 255 steps for each block of deltas, and 16 bits of each moment. */
  INT8(Byte.BYTES, 127);

  private final int deltaBytes;
  private final int most;

  DeltaPrecision(int deltaBytes, int most) {
    this.deltaBytes = deltaBytes;
    this.most = most;
  }

  /** Whether nothing is rounded. */
  public boolean isExact() {
    return this == FLOAT32;
  }

  /** The bytes of an element of Δ. */
  int deltaBytes() {
    return deltaBytes;
  }

  /** The largest whole number that an element of Δ becomes; the least is its negative. */
  int most() {
    return most;
  }
}
