/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

/** Blocks of a sequential JPEG. */
record SequentialWalk(HuffmanTable dc, HuffmanTable ac) implements JpegScan.BlockWalk {
  @Override
  public boolean pass(EntropyBits bits, int block) {
    return bits.passBlock(dc, ac);
  }

  @Override
  public void restart() {}
}
