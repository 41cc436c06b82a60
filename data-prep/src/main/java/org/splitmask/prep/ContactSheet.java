/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.patch.Patchifier;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;

/** Many small pictures on one large one, to look at what a table really holds. */
final class ContactSheet {
  private static final int PER_ROW = 8;
  private static final int PICTURES = 64;
  private static final int GAP = 2;

  private ContactSheet() {}

  static void write(TableSnapshot snapshot, Path file, Configuration hadoop) throws IOException {
    PatchShape shape = snapshot.shape();
    List<PatchRow> rows = first(snapshot, hadoop);
    int cell = shape.imageSize() + GAP;
    int lines = Math.max(1, (rows.size() + PER_ROW - 1) / PER_ROW);
    BufferedImage sheet =
        new BufferedImage(PER_ROW * cell, lines * cell, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < rows.size(); i++) {
      byte[] pixels = Patchifier.join(rows.get(i).patches(), shape);
      draw(pixels, shape, sheet, i % PER_ROW * cell, i / PER_ROW * cell);
    }
    ImageIO.write(sheet, "png", file.toFile());
  }

  private static List<PatchRow> first(TableSnapshot snapshot, Configuration hadoop) {
    List<PatchRow> rows = new ArrayList<>();
    for (RowGroup group : snapshot.rowGroups(Split.TRAIN)) {
      if (rows.size() < PICTURES) {
        rows.addAll(RowGroupReader.read(group, hadoop));
      }
    }
    return rows.subList(0, Math.min(PICTURES, rows.size()));
  }

  private static void draw(
      byte[] pixels, PatchShape shape, BufferedImage sheet, int left, int top) {
    int size = shape.imageSize();
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        int at = (y * size + x) * shape.channels();
        int red = Byte.toUnsignedInt(pixels[at]);
        int green = Byte.toUnsignedInt(pixels[at + 1]);
        int blue = Byte.toUnsignedInt(pixels[at + 2]);
        sheet.setRGB(left + x, top + y, red << 16 | green << 8 | blue);
      }
    }
  }
}
