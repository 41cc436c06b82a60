/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.resample;

/**
 * Along one side of a picture: which input pixels each output pixel reads, and with which weights.
 * The filter is Keys' cubic convolution (1981) with a = −0.5. When it shrinks, its support widens
 * by the scale, so that it cannot alias; Pillow's BICUBIC and PyTorch's antialiased bicubic have
 * the same weights.
 *
 * @param first for each output pixel the first input pixel that it reads
 * @param values for each output pixel the weights of the first input pixel and those behind it;
 *     they add up to 1, and no input outside of the range is read
 */
// Arrays, because they are read in the innermost loops.
@SuppressWarnings("ArrayRecordComponent")
public record BicubicWeights(int[] first, double[][] values) {
  private static final double A = -0.5;
  private static final double SUPPORT = 2;

  /**
   * The weights that make {@code size} pixels of a range.
   *
   * @param start the range's first pixel
   * @param length its pixels; at least 1
   * @param size at least 1
   */
  public static BicubicWeights of(int start, int length, int size) {
    double scale = (double) length / size;
    double stretch = Math.max(1, scale);
    int[] first = new int[size];
    double[][] values = new double[size][];
    for (int i = 0; i < size; i++) {
      double centre = start + (i + 0.5) * scale;
      int from = Math.max(start, (int) (centre - SUPPORT * stretch + 0.5));
      int to = Math.min(start + length, (int) (centre + SUPPORT * stretch + 0.5));
      first[i] = from;
      values[i] = weights(from, to, centre, stretch);
    }
    return new BicubicWeights(first, values);
  }

  /** The same pixels in the opposite order. */
  public BicubicWeights mirrored() {
    int[] mirroredFirst = new int[size()];
    double[][] mirroredValues = new double[size()][];
    for (int i = 0; i < size(); i++) {
      mirroredFirst[i] = first[size() - 1 - i];
      mirroredValues[i] = values[size() - 1 - i];
    }
    return new BicubicWeights(mirroredFirst, mirroredValues);
  }

  /** Output pixels. */
  public int size() {
    return first.length;
  }

  private static double[] weights(int from, int to, double centre, double stretch) {
    double[] weights = new double[to - from];
    double sum = 0;
    for (int j = 0; j < weights.length; j++) {
      weights[j] = kernel((from + j + 0.5 - centre) / stretch);
      sum += weights[j];
    }
    for (int j = 0; j < weights.length; j++) {
      weights[j] /= sum;
    }
    return weights;
  }

  private static double kernel(double distance) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((A + 2) * x - (A + 3)) * x * x + 1;
    }
    return x < SUPPORT ? (((x - 5) * x + 8) * x - 4) * A : 0;
  }
}
