/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.ExifOrientation;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.IccProfile;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.ImageHeader.Transparency;
import org.splitmask.prep.image.file.RefusedImageException;

/**
 * Walks the segments and scans of a JPEG file to its end marker. What follows that is not looked
 * at: cameras and phones put further pictures there (MPO), or films.
 */
public final class JpegStructure implements FileStructure {
  private static final int SOI = 0xD8;
  private static final int EOI = 0xD9;
  private static final int SOS = 0xDA;
  private static final int DHT = 0xC4;
  private static final int DRI = 0xDD;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int TEM = 0x01;
  private static final byte[] PROFILE = "ICC_PROFILE\0".getBytes(StandardCharsets.US_ASCII);

  /** Number and count of a part of a profile, behind its name. */
  private static final int PROFILE_PART_BYTES = 2;

  private final byte[] file;
  private final JpegTables tables;
  private final IccProfile.Collector profile = new IccProfile.Collector();
  private final ExifOrientation.Collector exif = new ExifOrientation.Collector();
  private int at = 2;
  private boolean whole;
  private @Nullable JpegFrame frame;
  private @Nullable JpegScans scans;

  public JpegStructure(byte[] file) {
    this.file = file;
    this.tables = new JpegTables(file);
  }

  public static boolean matches(byte[] file) {
    return file.length >= 3 && u8(file, 0) == 0xFF && u8(file, 1) == SOI && u8(file, 2) == 0xFF;
  }

  @Override
  public void readHeader() throws RefusedImageException {
    while (frame == null) {
      int marker = nextMarker();
      if (marker == SOS || marker == EOI) {
        throw new RefusedImageException(DAMAGED, "JPEG without a frame header before byte %d", at);
      }
      if (!standsAlone(marker)) {
        segment(marker);
      }
    }
  }

  @Override
  public void checkBody() throws RefusedImageException {
    for (int marker = nextMarker(); marker != EOI; marker = nextMarker()) {
      if (!standsAlone(marker)) {
        segment(marker);
      }
    }
    if (scans == null) {
      throw new RefusedImageException(DAMAGED, "JPEG without a scan");
    }
    scans.checkAllSeen();
    whole = true;
  }

  @Override
  public ImageHeader header() {
    JpegFrame known = Objects.requireNonNull(frame);
    return new ImageHeader(
        ImageFormat.JPEG,
        known.width(),
        known.height(),
        Transparency.OPAQUE,
        exif.orientation(),
        profile.description());
  }

  /**
   * The file; behind a damaged one an end marker, at which libjpeg fills what is missing with grey.
   * Without it OpenCV may return what lay in its memory before.
   */
  @Override
  public byte[] picture() {
    if (whole) {
      return file;
    }
    byte[] ended = Arrays.copyOf(file, file.length + 2);
    ended[file.length] = (byte) 0xFF;
    ended[file.length + 1] = (byte) EOI;
    return ended;
  }

  /** Reads and passes a segment with a length, and a scan behind it. */
  private void segment(int marker) throws RefusedImageException {
    if (at + 2 > file.length) {
      throw ends();
    }
    int length = u8(file, at) << 8 | u8(file, at + 1);
    if (length < 2) {
      throw new RefusedImageException(
          DAMAGED, "JPEG segment FF%02X at byte %d has length %d", marker, at, length);
    }
    if (at + length > file.length) {
      throw ends();
    }
    int content = at + 2;
    at += length;
    read(marker, content, length - 2);
  }

  private void read(int marker, int content, int length) throws RefusedImageException {
    if (JpegFrame.isFrame(marker)) {
      readFrame(marker, content, length);
      return;
    }
    switch (marker) {
      case DHT -> tables.defineHuffman(content, length);
      case DRI -> tables.defineRestarts(content, length);
      case SOS -> readScan(content, length);
      case APP1 -> readExif(content, length);
      case APP2 -> readProfile(content, length);
      default -> {}
    }
  }

  private void readFrame(int marker, int content, int length) throws RefusedImageException {
    if (frame != null) {
      throw new RefusedImageException(DAMAGED, "JPEG has a second frame at byte %d", content);
    }
    frame = JpegFrame.read(marker, file, content, length);
  }

  private void readScan(int content, int length) throws RefusedImageException {
    if (scans == null) {
      scans = new JpegScans(file, Objects.requireNonNull(frame), tables);
    }
    at = scans.walk(content, length);
  }

  private void readExif(int content, int length) {
    if (scans == null) {
      exif.add(file, content, length);
    }
  }

  private void readProfile(int content, int length) {
    int skipped = PROFILE.length + PROFILE_PART_BYTES;
    if (startsWith(PROFILE, content, length) && length >= skipped) {
      profile.add(file, content + skipped, length - skipped);
    }
  }

  private boolean startsWith(byte[] name, int content, int length) {
    return length >= name.length
        && Arrays.equals(file, content, content + name.length, name, 0, name.length);
  }

  private int nextMarker() throws RefusedImageException {
    while (true) {
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
      if (marker != 0) {
        return marker;
      }
    }
  }

  private RefusedImageException ends() {
    return new RefusedImageException(
        TRUNCATED, "JPEG ends at byte %d without its end marker", file.length);
  }

  private static boolean standsAlone(int marker) {
    return marker == TEM || marker == SOI || (marker >= 0xD0 && marker <= 0xD7);
  }

  private static int u8(byte[] file, int offset) {
    return Byte.toUnsignedInt(file[offset]);
  }
}
