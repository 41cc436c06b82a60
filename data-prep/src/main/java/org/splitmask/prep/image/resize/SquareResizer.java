/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.resize;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.splitmask.common.resample.BicubicWeights;

/**
 * Resizes square pictures to S×S with {@link BicubicWeights}, rounding to bytes between the two
 * directions. Down first; what comes out is packed, four rows in one int, and stored transposed, so
 * that the way across is the same work once more. It is all whole numbers: the same picture gives
 * the same bytes on every machine.
 */
final class SquareResizer {
  private static final int CHANNELS = 3;

  /** Output rows, later columns, that share an int. */
  private static final int PACK = Integer.BYTES;

  /** Packed rows that are transposed at once: neighbours in memory, so that a write serves all. */
  private static final int BLOCK = 4;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int size;

  /** Ints that hold one channel of a column of S pixels. */
  private final int columnLength;

  private final ResizePass down = new ResizePass();
  private final ResizePass across = new ResizePass();
  private int weightsFor;

  private int[][] levels = new int[PACK][0];
  private int[][] packed = new int[BLOCK][0];

  /** [side][C·columnLength]: for each input column its output rows, packed. */
  private int[][] columns = new int[0][];

  SquareResizer(int size) {
    this.size = size;
    this.columnLength = (size + PACK * BLOCK - 1) / (PACK * BLOCK) * BLOCK;
  }

  /** Ints of a packed row of a picture. */
  static int packedLength(int side) {
    return (CHANNELS * side + PACK - 1) / PACK;
  }

  /**
   * Resizes.
   *
   * @param rows uint8 [side, side, 3], blue first; what follows a row's last byte in its last int
   *     is not used
   * @return uint8 [S, S, 3], red first
   */
  byte[] resize(PackedRows rows, int side) {
    reserve(side);
    goDown(rows, side);
    return goAcross(side);
  }

  private void reserve(int side) {
    if (weightsFor != side) {
      BicubicWeights weights = BicubicWeights.of(0, side, size);
      down.use(weights);
      across.use(weights);
      weightsFor = side;
    }
    int length = PACK * Math.max(packedLength(side), CHANNELS * columnLength);
    if (levels[0].length < length) {
      levels = new int[PACK][length];
      packed = new int[BLOCK][length];
    }
    if (columns.length < side) {
      columns = new int[side][CHANNELS * columnLength];
    }
  }

  private void goDown(PackedRows rows, int side) {
    int length = packedLength(side);
    down.begin(length);
    for (int row = 0; row < size; row += PACK * BLOCK) {
      for (int block = 0; block < BLOCK; block++) {
        resizeFour(down, row + PACK * block, rows, side, packed[block], PACK * length);
      }
      transpose(row / PACK, side, length);
    }
  }

  private byte[] goAcross(int side) {
    byte[] pixels = new byte[size * size * CHANNELS];
    int length = CHANNELS * columnLength;
    across.begin(length);
    for (int x = 0; x < size; x += PACK) {
      resizeFour(across, x, index -> columns[index], side, packed[0], PACK * length);
      if (size - x >= PACK) {
        writeFour(x, pixels);
      } else {
        writeLast(x, pixels);
      }
    }
    return pixels;
  }

  /** Four outputs, the first in the lowest bits; less where the picture ends. */
  private void resizeFour(
      ResizePass pass, int from, PackedRows input, int side, int[] target, int length) {
    for (int i = 0; i < PACK && from + i < size; i++) {
      pass.resize(from + i, input, side, levels[i]);
    }
    VectorLoops.pack(levels[0], levels[1], levels[2], levels[3], target, length);
  }

  /** From packed[block][byte k of int i] to columns[pixel][channel, block]. */
  private void transpose(int block, int side, int length) {
    int[] a = packed[0];
    int[] b = packed[1];
    int[] c = packed[2];
    int[] d = packed[3];
    for (int pixel = 0, at = 0; pixel < side; pixel++) {
      int[] column = columns[pixel];
      for (int channel = 0; channel < CHANNELS; channel++, at++) {
        int source = at % PACK * length + at / PACK;
        int target = channel * columnLength + block;
        column[target] = a[source];
        column[target + 1] = b[source];
        column[target + 2] = c[source];
        column[target + 3] = d[source];
      }
    }
  }

  /** Four pixels of each row, as three ints: RGBR GBRG BRGB. */
  private void writeFour(int x, byte[] pixels) {
    int[] columnsOfFour = packed[0];
    for (int k = 0; k < PACK; k++) {
      int blue = k * CHANNELS * columnLength;
      for (int y = k; y < size; y += PACK, blue++) {
        int b = columnsOfFour[blue];
        int g = columnsOfFour[blue + columnLength];
        int r = columnsOfFour[blue + 2 * columnLength];
        int at = CHANNELS * (y * size + x);
        INTS.set(pixels, at, (r & 0xFF) | (g & 0xFF) << 8 | (b & 0xFF) << 16 | (r & 0xFF00) << 16);
        int middle = (g >>> 8 & 0xFF) | (b & 0xFF00) | (r & 0xFF0000) | (g & 0xFF0000) << 8;
        INTS.set(pixels, at + PACK, middle);
        int last =
            (b >>> 16 & 0xFF) | (r >>> 16 & 0xFF00) | (g >>> 8 & 0xFF0000) | (b & 0xFF000000);
        INTS.set(pixels, at + 2 * PACK, last);
      }
    }
  }

  /** The same for the one to three pixels that are left over. */
  private void writeLast(int from, byte[] pixels) {
    int[] columnsOfFour = packed[0];
    for (int k = 0; k < PACK; k++) {
      int blue = k * CHANNELS * columnLength;
      for (int y = k; y < size; y += PACK, blue++) {
        for (int x = from; x < size; x++) {
          int shift = Byte.SIZE * (x - from);
          int at = CHANNELS * (y * size + x);
          pixels[at] = (byte) (columnsOfFour[blue + 2 * columnLength] >>> shift);
          pixels[at + 1] = (byte) (columnsOfFour[blue + columnLength] >>> shift);
          pixels[at + 2] = (byte) (columnsOfFour[blue] >>> shift);
        }
      }
    }
  }
}
