/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

/**
 * Separable bicubic resampling with a = −0.5 whose support widens when it shrinks: antialiased, as
 * Pillow's BICUBIC (whose rounding to bytes between the passes is left out).
 */
final class BicubicResizer {
  private static final double A = -0.5;
  private static final double SUPPORT = 2;

  private BicubicResizer() {}

  /**
   * A crop of a square picture, resized and perhaps mirrored.
   *
   * @param pixels uint8 [side, side, C]
   * @param size S
   * @return [S, S, C], levels in [0, 255]
   */
  static float[] crop(byte[] pixels, int side, int channels, CropBox box, int size) {
    Weights columns = Weights.of(box.x(), box.width(), size);
    Weights rows = Weights.of(box.y(), box.height(), size);
    int stride = size * channels;
    float[] narrowed = new float[box.height() * stride];
    for (int row = 0; row < box.height(); row++) {
      int source = (box.y() + row) * side * channels;
      for (int column = 0; column < size; column++) {
        int target = box.flip() == CropBox.Flip.HORIZONTAL ? size - 1 - column : column;
        for (int channel = 0; channel < channels; channel++) {
          float sum = 0;
          for (int i = 0; i < columns.counts[column]; i++) {
            int at = source + (columns.first[column] + i) * channels + channel;
            sum += (pixels[at] & 0xff) * columns.values[column][i];
          }
          narrowed[row * stride + target * channels + channel] = sum;
        }
      }
    }
    float[] result = new float[size * stride];
    for (int row = 0; row < size; row++) {
      int target = row * stride;
      for (int i = 0; i < rows.counts[row]; i++) {
        int source = (rows.first[row] - box.y() + i) * stride;
        float weight = rows.values[row][i];
        for (int j = 0; j < stride; j++) {
          result[target + j] += weight * narrowed[source + j];
        }
      }
      for (int j = target; j < target + stride; j++) {
        result[j] = Math.max(0f, Math.min(255f, result[j]));
      }
    }
    return result;
  }

  /** For each output place, the inputs that it reads and their weights, which add up to 1. */
  private record Weights(int[] first, int[] counts, float[][] values) {
    static Weights of(int start, int length, int size) {
      double scale = (double) length / size;
      double stretch = Math.max(1, scale);
      int[] first = new int[size];
      int[] counts = new int[size];
      float[][] values = new float[size][];
      for (int i = 0; i < size; i++) {
        double centre = start + (i + 0.5) * scale;
        int from = Math.max(start, (int) (centre - SUPPORT * stretch + 0.5));
        int to = Math.min(start + length, (int) (centre + SUPPORT * stretch + 0.5));
        double[] weights = new double[to - from];
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
          weights[j] = kernel((from + j + 0.5 - centre) / stretch);
          sum += weights[j];
        }
        first[i] = from;
        counts[i] = weights.length;
        values[i] = new float[weights.length];
        for (int j = 0; j < weights.length; j++) {
          values[i][j] = (float) (weights[j] / sum);
        }
      }
      return new Weights(first, counts, values);
    }

    private static double kernel(double distance) {
      double x = Math.abs(distance);
      if (x < 1) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
  }
}
