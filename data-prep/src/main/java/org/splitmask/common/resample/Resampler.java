/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.resample;

/** The resize as it is written in books: along the rows, then along the columns. */
public final class Resampler {
  private static final float BRIGHTEST = 255;

  private Resampler() {}

  /**
   * Resizes what the weights read; between the two directions nothing is rounded.
   *
   * @param pixels uint8 [.., rowPixels, C]
   * @param rowPixels the pixels of one row
   * @param channels C
   * @param rows the weights along the height
   * @param columns the weights along the width
   * @return [rows.size, columns.size, C], levels in [0, 255]
   */
  public static float[] resample(
      byte[] pixels, int rowPixels, int channels, BicubicWeights rows, BicubicWeights columns) {
    int[] range = range(rows);
    float[] narrowed = new float[(range[1] - range[0]) * columns.size() * channels];
    float[][] across = floats(columns.values());
    for (int row = range[0], at = 0; row < range[1]; row++) {
      for (int column = 0; column < columns.size(); column++) {
        int source = (row * rowPixels + columns.first()[column]) * channels;
        for (int channel = 0; channel < channels; channel++, at++) {
          narrowed[at] = sum(pixels, source + channel, channels, across[column]);
        }
      }
    }
    return down(narrowed, range[0], columns.size() * channels, rows);
  }

  private static float sum(byte[] pixels, int from, int step, float[] weights) {
    float sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += (pixels[from + i * step] & 0xff) * weights[i];
    }
    return sum;
  }

  private static float[] down(float[] narrowed, int firstRow, int stride, BicubicWeights rows) {
    float[] result = new float[rows.size() * stride];
    float[][] along = floats(rows.values());
    for (int row = 0; row < rows.size(); row++) {
      int target = row * stride;
      for (int i = 0; i < along[row].length; i++) {
        int source = (rows.first()[row] + i - firstRow) * stride;
        float weight = along[row][i];
        for (int j = 0; j < stride; j++) {
          result[target + j] += weight * narrowed[source + j];
        }
      }
      for (int j = target; j < target + stride; j++) {
        result[j] = Math.max(0f, Math.min(BRIGHTEST, result[j]));
      }
    }
    return result;
  }

  /** The first input that is read, and the one behind the last. */
  private static int[] range(BicubicWeights weights) {
    int from = Integer.MAX_VALUE;
    int to = 0;
    for (int i = 0; i < weights.size(); i++) {
      from = Math.min(from, weights.first()[i]);
      to = Math.max(to, weights.first()[i] + weights.values()[i].length);
    }
    return new int[] {from, to};
  }

  private static float[][] floats(double[][] values) {
    float[][] floats = new float[values.length][];
    for (int i = 0; i < values.length; i++) {
      floats[i] = new float[values[i].length];
      for (int j = 0; j < values[i].length; j++) {
        floats[i][j] = (float) values[i][j];
      }
    }
    return floats;
  }
}
