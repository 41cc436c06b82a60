/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.jpeg.JpegFrame.Component;

/**
 * Walks the entropy-coded data of one scan as a decoder would, and makes no pixels of it. libjpeg
 * fills what is missing or broken with something and only warns, and OpenCV swallows the warnings:
 * this walk finds what they are about, before OpenCV sees the file.
 *
 * <p>Refused are: data that ends early, codes that no table has, runs past the end of a block,
 * restart markers that are missing or out of turn, and data left over when all blocks are there.
 * Left-over bytes that are all alike are padding, which some cameras write: no damage.
 */
final class JpegScan {
  private static final int EOI = 0xD9;
  private static final int FIRST_RESTART = 0xD0;

  private final byte[] file;
  private final EntropyBits bits;
  private final int restartInterval;
  private int restarts;

  JpegScan(byte[] file, int at, int restartInterval) {
    this.file = file;
    this.bits = new EntropyBits(file, at);
    this.restartInterval = restartInterval;
  }

  /** How the blocks of a component are coded in a scan. */
  interface BlockWalk {
    /**
     * Passes one block.
     *
     * @param block its index among the blocks of its component, row by row
     * @return whether its codes make sense
     */
    boolean pass(EntropyBits bits, int block);

    /** A restart marker was passed. */
    void restart();
  }

  /**
   * A component in a scan.
   *
   * @param stride blocks in a row of the component
   */
  record Part(Component component, int stride, BlockWalk walk) {}

  /** Walks a scan of one component; returns where the next marker lies. */
  int walkOne(Part part, int across, int down) throws RefusedImageException {
    long units = 0;
    for (int row = 0; row < down; row++) {
      for (int column = 0; column < across; column++) {
        restartIfDue(units++, part);
        if (!part.walk.pass(bits, row * part.stride + column)) {
          throw badCode();
        }
        if (bits.overrun()) {
          throw ends();
        }
      }
    }
    return end();
  }

  /** Walks a scan of several components; returns where the next marker lies. */
  int walkInterleaved(Part[] parts, int across, int down) throws RefusedImageException {
    long units = 0;
    for (int row = 0; row < down; row++) {
      for (int column = 0; column < across; column++) {
        restartIfDue(units++, parts);
        for (Part part : parts) {
          if (!passUnit(part, row, column)) {
            throw badCode();
          }
        }
        if (bits.overrun()) {
          throw ends();
        }
      }
    }
    return end();
  }

  private boolean passUnit(Part part, int row, int column) {
    Component component = part.component;
    for (int y = 0; y < component.down(); y++) {
      int first = (row * component.down() + y) * part.stride + column * component.across();
      for (int x = 0; x < component.across(); x++) {
        if (!part.walk.pass(bits, first + x)) {
          return false;
        }
      }
    }
    return true;
  }

  private void restartIfDue(long units, Part... parts) throws RefusedImageException {
    if (restartInterval == 0 || units == 0 || units % restartInterval != 0) {
      return;
    }
    int marker = bits.markerPosition();
    int expected = FIRST_RESTART + restarts++ % 8;
    int found = codeAt(marker);
    if (found != expected) {
      throw found == EOI || found == 0
          ? ends()
          : new RefusedImageException(
              DAMAGED,
              "JPEG has marker FF%02X in place of FF%02X at byte %d",
              found,
              expected,
              marker);
    }
    refuseLeftOver(marker);
    bits.restartAfter(marker);
    for (Part part : parts) {
      part.walk.restart();
    }
  }

  private int end() throws RefusedImageException {
    int marker = bits.markerPosition();
    refuseLeftOver(marker);
    return marker;
  }

  private void refuseLeftOver(int marker) throws RefusedImageException {
    if (bits.unread() > 0 && !bits.unreadIsPadding()) {
      throw new RefusedImageException(
          DAMAGED, "JPEG has %d bytes too many before byte %d", bits.unread(), marker);
    }
  }

  private RefusedImageException badCode() {
    // Zeros stand for what is missing, and they may be no code.
    return bits.overrun()
        ? ends()
        : new RefusedImageException(
            DAMAGED, "JPEG data is no Huffman code before byte %d", bits.position());
  }

  private RefusedImageException ends() {
    int marker = bits.markerPosition();
    int code = codeAt(marker);
    if (code == 0) {
      return new RefusedImageException(
          TRUNCATED, "JPEG ends at byte %d without its end marker", file.length);
    }
    return new RefusedImageException(
        code == EOI ? TRUNCATED : DAMAGED,
        "JPEG data breaks off at byte %d (FF%02X)",
        marker,
        code);
  }

  /** The marker's code; 0 at the end of the file. */
  private int codeAt(int marker) {
    return marker >= file.length ? 0 : Byte.toUnsignedInt(file[marker + 1]);
  }
}
