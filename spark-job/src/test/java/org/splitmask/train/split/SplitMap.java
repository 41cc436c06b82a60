/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.splitmask.train.random.Seeds;

/**
 * Draws docs/split-frequency.svg: how often each of 14×14 patches is in the blocks of split=block.
 *
 * <pre>java -cp spark-job/target/test-classes:spark-job/target/classes:CLASSPATH \
 *     org.splitmask.train.split.SplitMap docs/split-frequency.svg</pre>
 */
final class SplitMap {
  private static final int SIDE = 14;
  private static final int CELL = 34;
  private static final int SPLITS = 100_000;

  private SplitMap() {}

  public static void main(String[] arguments) throws IOException {
    int[] taken = new int[SIDE * SIDE];
    for (long seed = 0; seed < SPLITS; seed++) {
      SplittableRandom random = new SplittableRandom(Seeds.of(seed));
      for (int patch : BlockMask.draw(SIDE, SIDE * SIDE / 2, random).taken()) {
        taken[patch]++;
      }
    }
    StringBuilder svg = new StringBuilder();
    int size = SIDE * CELL;
    svg.append(
        String.format(
            Locale.ROOT,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
                + " font-family=\"sans-serif\" font-size=\"11\" text-anchor=\"middle\">%n",
            size,
            size,
            size));
    for (int patch = 0; patch < taken.length; patch++) {
      double share = (double) taken[patch] / SPLITS;
      int x = patch % SIDE * CELL;
      int y = patch / SIDE * CELL;
      // White at 5 %, the darkest blue at 75 %.
      int light = (int) Math.round(100 - 55 * Math.min(1, Math.max(0, (share - 0.05) / 0.7)));
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"hsl(210,70%%,%d%%)\"/>"
                  + "<text x=\"%d\" y=\"%d\">%.0f</text>%n",
              x,
              y,
              CELL,
              CELL,
              light,
              x + CELL / 2,
              y + CELL / 2 + 4,
              100 * share));
    }
    Files.writeString(Path.of(arguments[0]), svg.append("</svg>\n"));
  }
}
