/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * Sums and sums of squares of bytes that belong to channels in turn. The loops are of the kind that
 * the compiler of JDK 17 turns into vector instructions: over ints, with one store a turn.
 */
final class LevelSums {
  private static final int BYTES = Integer.BYTES;
  private static final int BYTE = 0xFF;

  /** Ints of each channel in a block: small enough that all arrays stay in the nearest cache. */
  private static final int BLOCK_PER_CHANNEL = 256;

  /** So many squares of bytes fit in an int. */
  private static final int MOST_BLOCKS = Integer.MAX_VALUE / (BYTE * BYTE);

  private final long[] sums;
  private final long[] squares;

  // A multiple of the channels, so that a place in a block is always of the same channel.
  private final int[] block;
  private final int[][] placeSums;
  private final int[][] placeSquares;

  /** Makes sums that are added to arrays of one number for each channel. */
  LevelSums(long[] sums, long[] squares) {
    this.sums = sums;
    this.squares = squares;
    this.block = new int[BLOCK_PER_CHANNEL * sums.length];
    this.placeSums = new int[BYTES][block.length];
    this.placeSquares = new int[BYTES][block.length];
  }

  /** Adds bytes; the first is of the first channel. */
  void add(byte[] values) {
    IntBuffer ints = ByteBuffer.wrap(values).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
    int blocks = ints.remaining() / block.length;
    for (int i = 1; i <= blocks; i++) {
      ints.get(block);
      for (int k = 0; k < BYTES; k++) {
        addLevels(block, Byte.SIZE * k, placeSums[k], block.length);
        addSquares(block, Byte.SIZE * k, placeSquares[k], block.length);
      }
      if (i % MOST_BLOCKS == 0 || i == blocks) {
        gather();
      }
    }
    addOneByOne(values, blocks * block.length * BYTES);
  }

  private static void addLevels(int[] in, int shift, int[] out, int length) {
    for (int i = 0; i < length; i++) {
      out[i] += in[i] >>> shift & BYTE;
    }
  }

  private static void addSquares(int[] in, int shift, int[] out, int length) {
    for (int i = 0; i < length; i++) {
      int level = in[i] >>> shift & BYTE;
      out[i] += level * level;
    }
  }

  private void gather() {
    for (int k = 0; k < BYTES; k++) {
      for (int i = 0; i < block.length; i++) {
        int channel = (BYTES * i + k) % sums.length;
        sums[channel] += placeSums[k][i];
        squares[channel] += placeSquares[k][i];
      }
      Arrays.fill(placeSums[k], 0);
      Arrays.fill(placeSquares[k], 0);
    }
  }

  private void addOneByOne(byte[] values, int from) {
    for (int i = from; i < values.length; i++) {
      long level = Byte.toUnsignedLong(values[i]);
      sums[i % sums.length] += level;
      squares[i % sums.length] += level * level;
    }
  }
}
