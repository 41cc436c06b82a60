/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.patch.Patchifier;

/**
 * Features that nobody learned, from the stored patches of the whole picture. An encoder that does
 * not beat them has learned nothing of use.
 */
public final class BaselineFeatures {
  /** The side of the small picture. */
  private static final int SIDE = 16;

  /** Bins for each channel are 2 to this power: 8. */
  private static final int BIN_BITS = 3;

  private BaselineFeatures() {}

  /**
   * The picture averaged over the areas of 16×16 equal cells, also where a cell covers parts of
   * pixels.
   *
   * @param patches uint8 [L, P, P, C] row-major
   * @return [16, 16, C] row-major, from 0 to 1
   */
  public static float[] pixels(byte[] patches, PatchShape shape) {
    byte[] pixels = Patchifier.join(patches, shape);
    int channels = shape.channels();
    float[] small = new float[SIDE * SIDE * channels];
    int at = 0;
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        for (int channel = 0; channel < channels; channel++) {
          small[at++] = cellMean(pixels, shape.imageSize(), channels, row, column, channel);
        }
      }
    }
    return small;
  }

  /**
   * The shares of the pixels in 8 equal bins of each channel jointly: 8×8×8 = 512 bins of colour
   * for C = 3. Bin = (r·8 + g)·8 + b.
   *
   * @param patches uint8 [L, P, P, C] row-major
   * @return [8^C], summing to 1
   */
  public static float[] histogram(byte[] patches, PatchShape shape) {
    int channels = shape.channels();
    int[] counts = new int[1 << (BIN_BITS * channels)];
    for (int pixel = 0; pixel < patches.length; pixel += channels) {
      int bin = 0;
      for (int channel = 0; channel < channels; channel++) {
        int value = Byte.toUnsignedInt(patches[pixel + channel]);
        bin = (bin << BIN_BITS) | (value >> (Byte.SIZE - BIN_BITS));
      }
      counts[bin]++;
    }
    float[] shares = new float[counts.length];
    int total = patches.length / channels;
    for (int bin = 0; bin < counts.length; bin++) {
      shares[bin] = (float) counts[bin] / total;
    }
    return shares;
  }

  /** In units of 1/16 pixel a cell is S long and a pixel 16, so that areas are whole numbers. */
  private static float cellMean(
      byte[] pixels, int size, int channels, int row, int column, int channel) {
    long sum = 0;
    for (int y = row * size / SIDE; y * SIDE < (row + 1) * size; y++) {
      int height = overlap(y, row, size);
      for (int x = column * size / SIDE; x * SIDE < (column + 1) * size; x++) {
        int value = Byte.toUnsignedInt(pixels[(y * size + x) * channels + channel]);
        sum += (long) height * overlap(x, column, size) * value;
      }
    }
    return (float) (sum / (255.0 * size * size));
  }

  /** How much of a pixel lies in a cell, along one axis. */
  private static int overlap(int pixel, int cell, int size) {
    int end = Math.min((pixel + 1) * SIDE, (cell + 1) * size);
    return end - Math.max(pixel * SIDE, cell * size);
  }
}
