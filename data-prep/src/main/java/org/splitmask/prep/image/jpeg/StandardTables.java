/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import org.splitmask.prep.image.file.RefusedImageException;

/**
 * The Huffman tables that ITU-T T.81 prints in annex K.3. Frames of Motion JPEG and pictures of
 * webcams leave theirs out and mean these; libjpeg-turbo takes them as well.
 */
final class StandardTables {
  private static final byte[][] DC = {
    definition(JPEGHuffmanTable.StdDCLuminance), definition(JPEGHuffmanTable.StdDCChrominance)
  };
  private static final byte[][] AC = {
    definition(JPEGHuffmanTable.StdACLuminance), definition(JPEGHuffmanTable.StdACChrominance)
  };

  private StandardTables() {}

  /** How many there are of each kind: the first for brightness, the other for colour. */
  static int places() {
    return DC.length;
  }

  static HuffmanTable dc(int place) throws RefusedImageException {
    return table(DC[place]);
  }

  static HuffmanTable ac(int place) throws RefusedImageException {
    return table(AC[place]);
  }

  private static HuffmanTable table(byte[] definition) throws RefusedImageException {
    return HuffmanTable.read(definition, 0, HuffmanTable.symbolCount(definition, 0));
  }

  /** Sixteen counts, then the symbols, as a file has them. */
  private static byte[] definition(JPEGHuffmanTable table) {
    short[] counts = table.getLengths();
    short[] symbols = table.getValues();
    byte[] definition = new byte[HuffmanTable.LONGEST_CODE + symbols.length];
    for (int i = 0; i < counts.length; i++) {
      definition[i] = (byte) counts[i];
    }
    for (int i = 0; i < symbols.length; i++) {
      definition[HuffmanTable.LONGEST_CODE + i] = (byte) symbols[i];
    }
    return definition;
  }
}
