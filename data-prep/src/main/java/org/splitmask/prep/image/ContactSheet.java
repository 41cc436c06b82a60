/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_NEAREST;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.putText;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.jspecify.annotations.Nullable;

/**
 * Many small pictures with captions on one large one, to look at what a table really holds. OpenCV
 * draws the letters: it needs no fonts, which machines without a screen seldom have.
 */
public final class ContactSheet {
  private static final int COLUMNS = 8;
  private static final int LEAST_CELL = 112;
  private static final int CAPTION_HEIGHT = 14;
  private static final int GAP = 2;
  private static final double LETTER_SCALE = 0.36;
  private static final int LETTER_WIDTH = 7;
  private static final Scalar PAPER = grey(24);
  private static final Scalar NO_PICTURE = grey(96);
  private static final Scalar INK = grey(235);

  private final int size;
  private final int cell;
  private final List<Tile> tiles = new ArrayList<>();

  /**
   * Makes an empty sheet.
   *
   * @param size S, the side of the pictures
   */
  public ContactSheet(int size) {
    this.size = size;
    this.cell = size * Math.max(1, (LEAST_CELL + size - 1) / size);
  }

  /**
   * Adds a picture.
   *
   * @param pixels uint8 [S, S, 3], red first; none where there is nothing to see
   * @param caption as much of it as there is room for; other letters than ASCII become ?
   */
  public void add(byte @Nullable [] pixels, String caption) {
    tiles.add(new Tile(pixels, caption));
  }

  /** The sheet as a PNG file. */
  public byte[] png() {
    int rows = Math.max(1, (tiles.size() + COLUMNS - 1) / COLUMNS);
    try (PointerScope scope = new PointerScope()) {
      int height = rows * (cell + CAPTION_HEIGHT + GAP);
      Mat sheet = new Mat(height, COLUMNS * (cell + GAP), CV_8UC3, PAPER);
      for (int i = 0; i < tiles.size(); i++) {
        int left = i % COLUMNS * (cell + GAP);
        int top = i / COLUMNS * (cell + CAPTION_HEIGHT + GAP);
        draw(tiles.get(i), sheet, left, top);
      }
      BytePointer encoded = new BytePointer();
      imencode(".png", sheet, encoded);
      byte[] file = new byte[(int) encoded.limit()];
      encoded.get(file);
      return file;
    }
  }

  private void draw(Tile tile, Mat sheet, int left, int top) {
    Mat place = new Mat(sheet, new Rect(left, top, cell, cell));
    if (tile.pixels == null) {
      place.put(NO_PICTURE);
    } else {
      Mat picture = new Mat(size, size, CV_8UC3);
      picture.data().put(tile.pixels);
      cvtColor(picture, picture, COLOR_RGB2BGR);
      resize(picture, place, new Size(cell, cell), 0, 0, INTER_NEAREST);
    }
    String text = fitting(tile.caption);
    Point baseline = new Point(left + 1, top + cell + CAPTION_HEIGHT - 4);
    putText(sheet, text, baseline, FONT_HERSHEY_SIMPLEX, LETTER_SCALE, INK, 1, LINE_AA, false);
  }

  private String fitting(String caption) {
    String ascii = caption.replaceAll("[^\\x20-\\x7e]", "?");
    return ascii.substring(0, Math.min(ascii.length(), cell / LETTER_WIDTH));
  }

  private static Scalar grey(int level) {
    return new Scalar(level, level, level, 0);
  }

  // An array, because it never leaves this class.
  @SuppressWarnings("ArrayRecordComponent")
  private record Tile(byte @Nullable [] pixels, String caption) {}
}
