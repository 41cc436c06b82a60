/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.Arrays;
import org.splitmask.common.failure.Check;
import org.splitmask.common.resample.BicubicWeights;
import org.splitmask.train.parameter.ParameterManifest;

/**
 * A learned position table for pictures of another size: resized as a picture of D channels by the
 * same antialiased cubic as pictures are (as DeiT and BEiT do before they fine-tune at a higher
 * resolution).
 */
public final class PositionInterpolation {
  private PositionInterpolation() {}

  /**
   * The table for another grid.
   *
   * @param table [from², D], row-major
   * @param from the side of its grid
   * @param to the side of the grid that is wanted
   * @return [to², D]; the table itself where the sides are equal
   */
  public static float[] resize(float[] table, int from, int to) {
    if (from == to) {
      return table;
    }
    int width = table.length / (from * from);
    BicubicWeights weights = BicubicWeights.of(0, from, to);
    float[] resized = new float[to * to * width];
    for (int y = 0; y < to; y++) {
      for (int x = 0; x < to; x++) {
        for (int i = 0; i < width; i++) {
          resized[(y * to + x) * width + i] = (float) value(table, from, weights, y, x, width, i);
        }
      }
    }
    return resized;
  }

  /**
   * An encoder's parameters for another grid.
   *
   * @param parameters in the layout of the grid {@code from}
   * @return in the layout of the grid {@code to}
   */
  public static float[] onGrid(
      float[] parameters,
      ParameterManifest layout,
      int from,
      ParameterManifest otherLayout,
      int to) {
    float[] others = new float[otherLayout.length()];
    for (int i = 0; i < otherLayout.entries().size(); i++) {
      ParameterManifest.Entry entry = layout.entries().get(i);
      ParameterManifest.Entry other = otherLayout.entries().get(i);
      Check.invariant(
          entry.name().equals(other.name()), "%s in place of %s", other.name(), entry.name());
      float[] values =
          Arrays.copyOfRange(parameters, entry.offset(), entry.offset() + entry.length());
      float[] resized =
          entry.name().equals(PositionTableLayer.TABLE) ? resize(values, from, to) : values;
      System.arraycopy(resized, 0, others, other.offset(), other.length());
    }
    return others;
  }

  private static double value(
      float[] table, int from, BicubicWeights weights, int y, int x, int width, int channel) {
    double[] down = weights.values()[y];
    double[] across = weights.values()[x];
    double sum = 0;
    for (int j = 0; j < down.length; j++) {
      for (int i = 0; i < across.length; i++) {
        int place = (weights.first()[y] + j) * from + weights.first()[x] + i;
        sum += down[j] * across[i] * table[place * width + channel];
      }
    }
    return sum;
  }
}
