/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Sums of pixel values in whole numbers: exact, so that the order in which tasks finish does not
 * show. A long holds the squares of 10^14 pixels.
 */
final class PixelSums implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double LARGEST = 255;

  private final long[] sums;
  private final long[] squares;
  private long pixels;
  private transient @Nullable LevelSums levels;

  PixelSums(int channels) {
    this.sums = new long[channels];
    this.squares = new long[channels];
  }

  /** Sums that were {@link #print printed}. */
  static PixelSums parse(String text) {
    long[] numbers = Arrays.stream(text.split(",", -1)).mapToLong(Long::parseLong).toArray();
    PixelSums parsed = new PixelSums((numbers.length - 1) / 2);
    int channels = parsed.sums.length;
    parsed.pixels = numbers[0];
    System.arraycopy(numbers, 1, parsed.sums, 0, channels);
    System.arraycopy(numbers, 1 + channels, parsed.squares, 0, channels);
    return parsed;
  }

  /** The number of pixels, the sums and the sums of squares of each channel. */
  String print() {
    return LongStream.concat(
            LongStream.of(pixels), LongStream.concat(Arrays.stream(sums), Arrays.stream(squares)))
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(","));
  }

  /** Adds the pixels of one picture, [.., C] in any order of pixels. */
  void add(byte[] values) {
    if (levels == null) {
      levels = new LevelSums(sums, squares);
    }
    levels.add(values);
    pixels += values.length / sums.length;
  }

  void add(PixelSums other) {
    for (int c = 0; c < sums.length; c++) {
      sums[c] += other.sums[c];
      squares[c] += other.squares[c];
    }
    pixels += other.pixels;
  }

  void subtract(PixelSums other) {
    for (int c = 0; c < sums.length; c++) {
      sums[c] -= other.sums[c];
      squares[c] -= other.squares[c];
    }
    pixels -= other.pixels;
  }

  /** [C] means of value / 255; 0 without pixels. */
  List<Double> mean() {
    List<Double> mean = new ArrayList<>();
    for (long sum : sums) {
      mean.add(pixels == 0 ? 0.0 : sum / (LARGEST * pixels));
    }
    return mean;
  }

  /** [C] standard deviations of value / 255, over all pixels (not the sample's n - 1). */
  List<Double> std() {
    List<Double> std = new ArrayList<>();
    for (int c = 0; c < sums.length; c++) {
      double mean = pixels == 0 ? 0 : (double) sums[c] / pixels;
      double variance = pixels == 0 ? 0 : (double) squares[c] / pixels - mean * mean;
      std.add(Math.sqrt(Math.max(variance, 0)) / LARGEST);
    }
    return std;
  }
}
