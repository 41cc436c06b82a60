/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;

import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.RefusedImageException;

/** What stands in force for the next scan of a JPEG: Huffman tables and the restart interval. */
final class JpegTables {
  private static final int PLACES = 4;
  private static final int COUNTS = 16;

  private final byte[] file;
  private final @Nullable HuffmanTable[] dc = new HuffmanTable[PLACES];
  private final @Nullable HuffmanTable[] ac = new HuffmanTable[PLACES];
  private int restartInterval;

  JpegTables(byte[] file) {
    this.file = file;
  }

  /** Minimum coded units between restart markers; 0 without such. */
  int restartInterval() {
    return restartInterval;
  }

  HuffmanTable dc(int place) throws RefusedImageException {
    return defined(dc, place, "DC");
  }

  HuffmanTable ac(int place) throws RefusedImageException {
    return defined(ac, place, "AC");
  }

  /** As a scan of a sequential picture begins: what no segment defined is standard. */
  void assumeStandard() throws RefusedImageException {
    for (int place = 0; place < StandardTables.places(); place++) {
      dc[place] = dc[place] == null ? StandardTables.dc(place) : dc[place];
      ac[place] = ac[place] == null ? StandardTables.ac(place) : ac[place];
    }
  }

  /** Reads the content of a segment that defines Huffman tables. */
  void defineHuffman(int from, int length) throws RefusedImageException {
    int at = from;
    int end = from + length;
    while (at < end) {
      int kind = Byte.toUnsignedInt(file[at]);
      int symbols =
          at + 1 + COUNTS <= end ? HuffmanTable.symbolCount(file, at + 1) : COUNTS * PLACES;
      int next = at + 1 + COUNTS + symbols;
      if (kind >> 4 > 1 || (kind & 15) >= PLACES || next > end) {
        throw new RefusedImageException(DAMAGED, "JPEG Huffman tables are broken at byte %d", at);
      }
      @Nullable HuffmanTable[] places = kind >> 4 == 0 ? dc : ac;
      places[kind & 15] = HuffmanTable.read(file, at + 1, symbols);
      at = next;
    }
  }

  /** Reads the content of a segment that defines the restart interval. */
  void defineRestarts(int from, int length) throws RefusedImageException {
    if (length != 2) {
      throw new RefusedImageException(
          DAMAGED, "JPEG restart interval of %d bytes at byte %d", length, from);
    }
    restartInterval = Byte.toUnsignedInt(file[from]) << 8 | Byte.toUnsignedInt(file[from + 1]);
  }

  private static HuffmanTable defined(@Nullable HuffmanTable[] places, int place, String kind)
      throws RefusedImageException {
    @Nullable HuffmanTable table = place < PLACES ? places[place] : null;
    if (table == null) {
      throw new RefusedImageException(
          DAMAGED, "JPEG scan asks for %s Huffman table %d, which is not defined", kind, place);
    }
    return table;
  }
}
