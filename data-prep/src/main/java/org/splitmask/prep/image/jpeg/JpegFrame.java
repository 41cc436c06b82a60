/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.UNSUPPORTED_FORMAT;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.RefusedImageException;

/**
 * A JPEG's frame header (ITU-T T.81, B.2.2).
 *
 * @param width in pixels
 * @param height likewise
 */
record JpegFrame(Coding coding, int width, int height, List<Component> components) {
  enum Coding {
    SEQUENTIAL,
    PROGRESSIVE
  }

  private static final int FIXED_BYTES = 6;
  private static final int COMPONENT_BYTES = 3;
  private static final int MOST_COMPONENTS = 4;
  private static final int MOST_SAMPLING = 4;
  private static final int BLOCK = 8;

  /**
   * One of a frame's colours.
   *
   * @param across blocks of it in a minimum coded unit, from left to right
   * @param down likewise, from top to bottom
   */
  record Component(int id, int across, int down) {}

  static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /**
   * Reads the content of a frame segment.
   *
   * @param at its first byte
   * @param length its bytes
   */
  static JpegFrame read(int marker, byte[] file, int at, int length) throws RefusedImageException {
    if (length < FIXED_BYTES || length < FIXED_BYTES + COMPONENT_BYTES * u8(file, at + 5)) {
      throw new RefusedImageException(DAMAGED, "JPEG frame header of %d bytes", length);
    }
    String unread = unreadKind(marker, u8(file, at));
    if (unread != null) {
      throw new RefusedImageException(UNSUPPORTED_FORMAT, "%s JPEG", unread);
    }
    int count = u8(file, at + 5);
    if (count == 0 || count > MOST_COMPONENTS) {
      throw new RefusedImageException(DAMAGED, "JPEG of %d colour components", count);
    }
    List<Component> components = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      components.add(component(file, at + FIXED_BYTES + COMPONENT_BYTES * i));
    }
    Coding coding = marker == 0xC2 ? Coding.PROGRESSIVE : Coding.SEQUENTIAL;
    return new JpegFrame(coding, u16(file, at + 3), u16(file, at + 1), List.copyOf(components));
  }

  /** Index of the component with this identifier; -1 where there is none. */
  int indexOf(int id) {
    for (int i = 0; i < components.size(); i++) {
      if (components.get(i).id == id) {
        return i;
      }
    }
    return -1;
  }

  /** Minimum coded units in a row of a scan of several components. */
  int unitsAcross() {
    return ceilDivide(width, BLOCK * mostAcross());
  }

  /** Rows of minimum coded units in a scan of several components. */
  int unitsDown() {
    return ceilDivide(height, BLOCK * mostDown());
  }

  /** Blocks of a component in a row of a scan of its own. */
  int blocksAcross(Component component) {
    return ceilDivide(ceilDivide(width * component.across, mostAcross()), BLOCK);
  }

  /** Rows of blocks of a component in a scan of its own. */
  int blocksDown(Component component) {
    return ceilDivide(ceilDivide(height * component.down, mostDown()), BLOCK);
  }

  private int mostAcross() {
    return components.stream().mapToInt(Component::across).max().orElse(1);
  }

  private int mostDown() {
    return components.stream().mapToInt(Component::down).max().orElse(1);
  }

  private static Component component(byte[] file, int at) throws RefusedImageException {
    int across = u8(file, at + 1) >> 4;
    int down = u8(file, at + 1) & 15;
    if (across == 0 || across > MOST_SAMPLING || down == 0 || down > MOST_SAMPLING) {
      throw new RefusedImageException(DAMAGED, "JPEG with sampling factors %d×%d", across, down);
    }
    return new Component(u8(file, at), across, down);
  }

  /** What libjpeg's 8-bit decoder does not read, or what nothing here can check. */
  private static @Nullable String unreadKind(int marker, int precision) {
    return switch (marker) {
      case 0xC0, 0xC1, 0xC2 -> precision == 8 ? null : precision + "-bit";
      case 0xC3, 0xC7, 0xCB, 0xCF -> "lossless";
      case 0xC9, 0xCA -> "arithmetic-coded";
      default -> "hierarchical";
    };
  }

  private static int ceilDivide(int dividend, int divisor) {
    return (dividend + divisor - 1) / divisor;
  }

  private static int u16(byte[] file, int offset) {
    return u8(file, offset) << 8 | u8(file, offset + 1);
  }

  private static int u8(byte[] file, int offset) {
    return Byte.toUnsignedInt(file[offset]);
  }
}
