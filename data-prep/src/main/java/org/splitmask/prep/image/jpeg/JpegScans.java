/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import java.util.Arrays;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.jpeg.JpegFrame.Coding;
import org.splitmask.prep.image.jpeg.JpegFrame.Component;
import org.splitmask.prep.image.jpeg.JpegScan.BlockWalk;
import org.splitmask.prep.image.jpeg.JpegScan.Part;

/** The scans of a JPEG, read one after another; remembers what a later one builds on. */
final class JpegScans {
  private static final int COEFFICIENTS = 64;
  private static final int UNSEEN = -1;

  private final byte[] file;
  private final JpegFrame frame;
  private final JpegTables tables;

  /** For each component and block, a bit for each coefficient that is not zero so far. */
  private final long[][] nonzero;

  /** For each component and coefficient, the lowest bit that a progressive scan gave so far. */
  private final int[][] lowestBit;

  JpegScans(byte[] file, JpegFrame frame, JpegTables tables) {
    this.file = file;
    this.frame = frame;
    this.tables = tables;
    this.nonzero = new long[frame.components().size()][];
    this.lowestBit = new int[frame.components().size()][COEFFICIENTS];
    for (int[] bits : lowestBit) {
      Arrays.fill(bits, UNSEEN);
    }
  }

  /**
   * Walks one scan.
   *
   * @param header the first byte of its header's content
   * @param length of that content
   * @return where the marker behind the scan lies
   */
  int walk(int header, int length) throws RefusedImageException {
    int count = length > 0 ? u8(header) : 0;
    if (count == 0 || count > frame.components().size() || length != 4 + 2 * count) {
      throw new RefusedImageException(
          DAMAGED, "JPEG scan header of %d bytes at byte %d", length, header);
    }
    if (frame.coding() == Coding.SEQUENTIAL) {
      tables.assumeStandard();
    }
    int band = header + 1 + 2 * count;
    Part[] parts = new Part[count];
    for (int i = 0; i < count; i++) {
      parts[i] = part(header + 1 + 2 * i, band, count);
    }
    JpegScan scan = new JpegScan(file, header + length, tables.restartInterval());
    if (count > 1) {
      return scan.walkInterleaved(parts, frame.unitsAcross(), frame.unitsDown());
    }
    Component only = parts[0].component();
    return scan.walkOne(parts[0], frame.blocksAcross(only), frame.blocksDown(only));
  }

  /** Refuses a picture of which a colour never came. */
  void checkAllSeen() throws RefusedImageException {
    for (int[] bits : lowestBit) {
      if (bits[0] == UNSEEN) {
        throw new RefusedImageException(TRUNCATED, "JPEG without data for one of its colours");
      }
    }
  }

  private Part part(int selector, int band, int parts) throws RefusedImageException {
    int index = frame.indexOf(u8(selector));
    if (index < 0) {
      throw new RefusedImageException(
          DAMAGED, "JPEG scan names a colour that the frame does not, at byte %d", selector);
    }
    int dc = u8(selector + 1) >> 4;
    int ac = u8(selector + 1) & 15;
    Component component = frame.components().get(index);
    int stride = frame.unitsAcross() * component.across();
    if (frame.coding() == Coding.SEQUENTIAL) {
      // The band in the header means nothing here; libjpeg warns of an odd one and goes on.
      lowestBit[index][0] = 0;
      return new Part(component, stride, new SequentialWalk(tables.dc(dc), tables.ac(ac)));
    }
    int first = u8(band);
    int last = u8(band + 1);
    boolean isMean = first == 0;
    if (last >= COEFFICIENTS || first > last || (isMean ? last > 0 : parts > 1)) {
      throw new RefusedImageException(
          DAMAGED, "JPEG scan of coefficients %d to %d at byte %d", first, last, band);
    }
    boolean refines = advance(index, band);
    BlockWalk walk =
        isMean ? mean(refines, dc) : band(refines, ac, first, last, blocks(index, stride));
    return new Part(component, stride, walk);
  }

  /** Notes the bits that a progressive scan gives; tells whether it refines earlier ones. */
  private boolean advance(int index, int band) throws RefusedImageException {
    int high = u8(band + 2) >> 4;
    int low = u8(band + 2) & 15;
    for (int k = u8(band); k <= u8(band + 1); k++) {
      int before = lowestBit[index][k];
      boolean inOrder = high == 0 ? before == UNSEEN : before == high && low == high - 1;
      if (!inOrder || (k > 0 && lowestBit[index][0] == UNSEEN)) {
        throw new RefusedImageException(
            DAMAGED, "JPEG scan out of order at byte %d: coefficient %d", band, k);
      }
      lowestBit[index][k] = low;
    }
    return high > 0;
  }

  private BlockWalk mean(boolean refines, int place) throws RefusedImageException {
    return refines
        ? new ProgressiveWalk.DcRefinement()
        : new ProgressiveWalk.DcFirst(tables.dc(place));
  }

  private BlockWalk band(boolean refines, int place, int first, int last, long[] blocks)
      throws RefusedImageException {
    HuffmanTable table = tables.ac(place);
    return refines
        ? new ProgressiveWalk.AcRefinement(table, first, last, blocks)
        : new ProgressiveWalk.AcFirst(table, first, last, blocks);
  }

  private long[] blocks(int index, int stride) {
    if (nonzero[index] == null) {
      int rows = frame.unitsDown() * frame.components().get(index).down();
      nonzero[index] = new long[stride * rows];
    }
    return nonzero[index];
  }

  private int u8(int offset) {
    return Byte.toUnsignedInt(file[offset]);
  }
}
