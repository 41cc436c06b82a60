/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.util.List;

/** An encoder that is used and no longer trained. One thread at a time. */
public interface FrozenEncoder extends AutoCloseable {
  /**
   * The features of whole pictures: for each the mean of the encoder's outputs.
   *
   * @param patches N pictures, [N, L, P·P·C] row-major, normalised
   * @return N vectors of D values
   */
  List<float[]> features(float[] patches);

  /** As many pictures as it encodes well at once. */
  int picturesAtOnce();

  /** Frees everything that it holds outside of the heap. */
  @Override
  void close();
}
