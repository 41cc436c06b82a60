/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.splitmask.prep.image.file.ExifOrientation;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.IccProfile;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.ImageHeader.Transparency;
import org.splitmask.prep.image.file.RefusedImageException;

/**
 * Walks a GIF file up to the end of its first frame, which is the picture; what follows is not
 * looked at. The picture is as large as the screen that the file asks for, or as the first frame
 * where that reaches beyond; what the frame leaves free is transparent, as browsers have it.
 */
public final class GifStructure implements FileStructure {
  private static final int SCREEN_END = 13;
  private static final int FRAME_BYTES = 9;
  private static final int EXTENSION = 0x21;
  private static final int FRAME = 0x2C;
  private static final int APPLICATION = 0xFF;
  private static final String PROFILE = "ICCRGBG1012";

  private final byte[] file;
  private final ByteBuffer bytes;
  private final IccProfile.Collector profile = new IccProfile.Collector();
  private int frame;

  GifStructure(byte[] file) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  static boolean matches(byte[] file) {
    String start = new String(file, 0, Math.min(6, file.length), StandardCharsets.ISO_8859_1);
    return start.equals("GIF87a") || start.equals("GIF89a");
  }

  @Override
  public void readHeader() throws RefusedImageException {
    need(SCREEN_END, 0);
    int at = SCREEN_END + paletteBytes(u8(10));
    while (true) {
      need(at, 1);
      if (u8(at) == FRAME) {
        frame = at + 1;
        need(frame, FRAME_BYTES);
        return;
      }
      if (u8(at) != EXTENSION) {
        throw new RefusedImageException(
            DAMAGED, "GIF has no frame before byte %d, which is %02X", at, u8(at));
      }
      need(at, 2);
      at = passExtension(u8(at + 1), at + 2);
    }
  }

  @Override
  public void checkBody() throws RefusedImageException {
    int data = frame + FRAME_BYTES + paletteBytes(u8(frame + 8));
    need(data, 1);
    new GifData(file, data).check((long) frameWidth() * frameHeight());
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(
        ImageFormat.GIF,
        Math.max(u16(6), left() + frameWidth()),
        Math.max(u16(8), top() + frameHeight()),
        Transparency.ALPHA,
        ExifOrientation.UPRIGHT,
        profile.description());
  }

  @Override
  public byte[] picture() {
    return file;
  }

  /** Where the first frame begins in the picture, in pixels from the left. */
  public int left() {
    return u16(frame);
  }

  /** Likewise from the top. */
  public int top() {
    return u16(frame + 2);
  }

  private int frameWidth() {
    return u16(frame + 4);
  }

  private int frameHeight() {
    return u16(frame + 6);
  }

  /** Passes the blocks of an extension, up to the empty one. */
  private int passExtension(int kind, int from) throws RefusedImageException {
    boolean isProfile = kind == APPLICATION && isProfile(from);
    int at = from;
    need(at, 1);
    while (u8(at) != 0) {
      int length = u8(at);
      need(at, 1 + length + 1);
      if (isProfile && at != from) {
        profile.add(file, at + 1, length);
      }
      at += 1 + length;
    }
    return at + 1;
  }

  private boolean isProfile(int at) {
    int end = at + 1 + PROFILE.length();
    return end <= file.length
        && new String(file, at + 1, PROFILE.length(), StandardCharsets.ISO_8859_1).equals(PROFILE);
  }

  /** Three bytes for each colour of a palette, where these flags announce one. */
  private static int paletteBytes(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
  }

  private void need(int at, int length) throws RefusedImageException {
    if (at + length > file.length) {
      throw new RefusedImageException(
          TRUNCATED, "GIF ends at byte %d before its first frame does", file.length);
    }
  }

  private int u16(int at) {
    return Short.toUnsignedInt(bytes.getShort(at));
  }

  private int u8(int at) {
    return Byte.toUnsignedInt(file[at]);
  }
}
