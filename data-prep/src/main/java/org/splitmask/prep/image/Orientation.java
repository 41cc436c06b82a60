/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

/**
 * Turns a stored picture upright. Done here and not by OpenCV's reader, which does it for opaque
 * pictures alone, and on the small square, where it costs little.
 */
final class Orientation {
  private static final int CHANNELS = 3;

  private Orientation() {}

  /**
   * Applies an EXIF orientation.
   *
   * @param stored uint8 [S, S, 3]
   * @param size S
   * @param exif 1 to 8, what the EXIF specification (CIPA DC-008, tag 0x0112) means by it
   * @return the given array where the picture is upright already
   */
  static byte[] upright(byte[] stored, int size, int exif) {
    int topRight = size - 1;
    int bottomLeft = size * (size - 1);
    int bottomRight = size * size - 1;
    return switch (exif) {
      case 2 -> moved(stored, size, topRight, size, -1);
      case 3 -> moved(stored, size, bottomRight, -size, -1);
      case 4 -> moved(stored, size, bottomLeft, -size, 1);
      case 5 -> moved(stored, size, 0, 1, size);
      case 6 -> moved(stored, size, topRight, -1, size);
      case 7 -> moved(stored, size, bottomRight, -1, -size);
      case 8 -> moved(stored, size, bottomLeft, 1, -size);
      default -> stored;
    };
  }

  /**
   * Moves every pixel.
   *
   * @param first where the stored picture's top left pixel goes
   * @param rowStep how far apart two pixels go that stood above one another
   * @param columnStep how far apart two go that stood side by side
   */
  private static byte[] moved(byte[] stored, int size, int first, int rowStep, int columnStep) {
    byte[] upright = new byte[stored.length];
    for (int row = 0, from = 0; row < size; row++) {
      for (int column = 0; column < size; column++, from += CHANNELS) {
        int to = CHANNELS * (first + row * rowStep + column * columnStep);
        upright[to] = stored[from];
        upright[to + 1] = stored[from + 1];
        upright[to + 2] = stored[from + 2];
      }
    }
    return upright;
  }
}
