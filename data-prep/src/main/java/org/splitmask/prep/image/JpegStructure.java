/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.splitmask.prep.image.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.RejectionReason.TRUNCATED;
import static org.splitmask.prep.image.RejectionReason.UNSUPPORTED_FORMAT;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.ImageHeader.Transparency;

/**
 * Walks the segments of a JPEG file. Entropy-coded data is skipped, not decoded; what the walk
 * proves is the claimed size and that the file goes on to its end marker.
 */
final class JpegStructure {
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int APP1 = 0xE1;
  private static final int TEM = 0x01;
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  private final byte[] file;
  private int at = 2;
  private int orientation = ExifOrientation.UPRIGHT;
  private boolean scanSeen;

  JpegStructure(byte[] file) {
    this.file = file;
  }

  static boolean matches(byte[] file) {
    return file.length >= 3 && u8(file, 0) == 0xFF && u8(file, 1) == SOI && u8(file, 2) == 0xFF;
  }

  /** Reads up to the frame header. */
  ImageHeader header() throws RefusedImageException {
    while (true) {
      int marker = nextMarker();
      if (isFrame(marker)) {
        return frame(marker);
      }
      if (marker == SOS || marker == EOI) {
        throw new RefusedImageException(DAMAGED, "JPEG without a frame header before byte %d", at);
      }
      if (!standsAlone(marker)) {
        segment(marker);
      }
    }
  }

  /** Walks on from the frame header to the end marker. */
  void checkEnd() throws RefusedImageException {
    for (int marker = nextMarker(); marker != EOI; marker = nextMarker()) {
      if (standsAlone(marker)) {
        continue;
      }
      segment(marker);
      if (marker == SOS) {
        scanSeen = true;
        skipEntropyCoded();
      }
    }
    if (!scanSeen) {
      throw new RefusedImageException(DAMAGED, "JPEG without a scan");
    }
  }

  private ImageHeader frame(int marker) throws RefusedImageException {
    int start = at;
    int length = segment(marker);
    if (length < 6) {
      throw new RefusedImageException(DAMAGED, "JPEG frame header of %d bytes", length);
    }
    int precision = u8(file, start + 2);
    String unread = unreadKind(marker, precision);
    if (unread != null) {
      throw new RefusedImageException(UNSUPPORTED_FORMAT, "%s JPEG", unread);
    }
    int height = u16(start + 3);
    int width = u16(start + 5);
    return new ImageHeader(ImageFormat.JPEG, width, height, Transparency.OPAQUE, orientation);
  }

  /** What libjpeg's 8-bit decoder does not read. */
  private static @Nullable String unreadKind(int marker, int precision) {
    if (marker == 0xC3 || marker == 0xC7 || marker == 0xCB || marker == 0xCF) {
      return "lossless";
    }
    if (marker == 0xC5 || marker == 0xC6 || marker == 0xCD || marker == 0xCE) {
      return "hierarchical";
    }
    return precision == 8 ? null : precision + "-bit";
  }

  /** Moves past a segment with a length; returns the length of its content. */
  private int segment(int marker) throws RefusedImageException {
    if (at + 2 > file.length) {
      throw ends();
    }
    int length = u16(at);
    if (length < 2) {
      throw new RefusedImageException(
          DAMAGED, "JPEG segment FF%02X at byte %d has length %d", marker, at, length);
    }
    if (at + length > file.length) {
      throw ends();
    }
    if (marker == APP1 && !scanSeen && length >= 2 + EXIF.length && isExif()) {
      orientation = ExifOrientation.of(file, at + 2 + EXIF.length, length - 2 - EXIF.length);
    }
    at += length;
    return length - 2;
  }

  private boolean isExif() {
    return Arrays.equals(file, at + 2, at + 2 + EXIF.length, EXIF, 0, EXIF.length);
  }

  private int nextMarker() throws RefusedImageException {
    // Decoders skip stray bytes between segments; so does this walk.
    while (at < file.length && u8(file, at) != 0xFF) {
      at++;
    }
    while (at < file.length && u8(file, at) == 0xFF) {
      at++;
    }
    if (at >= file.length) {
      throw ends();
    }
    int marker = u8(file, at++);
    return marker == 0 ? nextMarker() : marker;
  }

  /** Leaves {@code at} on the FF of the next marker that is not a restart. */
  private void skipEntropyCoded() throws RefusedImageException {
    while (at + 1 < file.length) {
      if (u8(file, at) == 0xFF) {
        int next = u8(file, at + 1);
        if (next != 0 && next != 0xFF && !isRestart(next)) {
          return;
        }
        at += next == 0xFF ? 1 : 2;
      } else {
        at++;
      }
    }
    throw ends();
  }

  private RefusedImageException ends() {
    return new RefusedImageException(
        TRUNCATED, "JPEG ends at byte %d without its end marker", file.length);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static boolean standsAlone(int marker) {
    return marker == TEM || marker == SOI || isRestart(marker);
  }

  private static boolean isRestart(int marker) {
    return marker >= 0xD0 && marker <= 0xD7;
  }

  private int u16(int offset) {
    return u8(file, offset) << 8 | u8(file, offset + 1);
  }

  private static int u8(byte[] file, int offset) {
    return Byte.toUnsignedInt(file[offset]);
  }
}
