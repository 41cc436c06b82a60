/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.resize;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The rows of a square of bytes in OpenCV's memory. Copied in bulk; one call into native code
 * serves as many rows as a buffer can span.
 */
final class MatRows implements PackedRows {
  private final BytePointer data;
  private final long step;
  private final int rowBytes;
  private final int allRows;
  private final int rowsInWindow;
  private final int[] packed;
  private int windowStart;
  private ByteBuffer window = ByteBuffer.allocate(0);

  /**
   * Makes a view, valid as long as the picture is.
   *
   * @param square [side, side, 3] of bytes; may be a part of a larger picture
   */
  MatRows(Mat square) {
    this(square, Integer.MAX_VALUE);
  }

  /** The same with smaller buffers. */
  MatRows(Mat square, int mostBytes) {
    this.data = square.data();
    this.step = square.step();
    this.rowBytes = square.cols() * square.channels();
    this.allRows = square.rows();
    this.rowsInWindow = (int) Math.min(allRows, Math.max(1, mostBytes / step));
    this.windowStart = -rowsInWindow;
    this.packed = new int[SquareResizer.packedLength(square.cols())];
  }

  @Override
  public int[] row(int index) {
    if (index >= windowStart + rowsInWindow) {
      openWindow(index);
    }
    int at = Math.toIntExact((index - windowStart) * step);
    int whole = rowBytes / Integer.BYTES;
    window
        .slice(at, rowBytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .asIntBuffer()
        .get(0, packed, 0, whole);
    if (whole < packed.length) {
      packed[whole] = lastBytes(at + whole * Integer.BYTES, at + rowBytes);
    }
    return packed;
  }

  /** One buffer spans 2 GiB at most, and a picture may be larger. */
  private void openWindow(int index) {
    int rows = Math.min(rowsInWindow, allRows - index);
    BytePointer first = data.getPointer(index * step);
    window = first.capacity((rows - 1) * step + rowBytes).asByteBuffer();
    windowStart = index;
  }

  private int lastBytes(int from, int to) {
    int last = 0;
    for (int i = from; i < to; i++) {
      last |= Byte.toUnsignedInt(window.get(i)) << (Byte.SIZE * (i - from));
    }
    return last;
  }
}
