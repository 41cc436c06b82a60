/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.ExifOrientation;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.IccProfile;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.ImageHeader.Transparency;
import org.splitmask.prep.image.file.RefusedImageException;

/** Walks the chunks of a WebP file (RFC 9649). Its pixels carry no checksum. */
final class WebpStructure implements FileStructure {
  private static final int RIFF_BYTES = 12;
  private static final int CHUNK_BYTES = 8;
  private static final int ALPHA_FLAG = 0x10;
  private static final int EXIF_FLAG = 0x08;

  /** Position, size, time and flags of a frame, before its own chunks. */
  private static final int FRAME_BYTES = 16;

  private final byte[] file;
  private final ByteBuffer bytes;
  private int width;
  private int height;
  private Transparency transparency = Transparency.OPAQUE;
  private boolean extended;
  private boolean losslessAlpha;
  private boolean hasExif;
  private int orientation = ExifOrientation.UPRIGHT;
  private @Nullable String colourProfile;

  WebpStructure(byte[] file) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  static boolean matches(byte[] file) {
    return file.length >= RIFF_BYTES
        && new String(file, 0, 4, StandardCharsets.ISO_8859_1).equals("RIFF")
        && new String(file, 8, 4, StandardCharsets.ISO_8859_1).equals("WEBP");
  }

  @Override
  public void readHeader() throws RefusedImageException {
    Chunk first = chunkAt(RIFF_BYTES);
    switch (first.type) {
      case "VP8X" -> {
        need(first, 10);
        width = 1 + u24(first.content + 4);
        height = 1 + u24(first.content + 7);
        transparency =
            (file[first.content] & ALPHA_FLAG) != 0 ? Transparency.ALPHA : Transparency.OPAQUE;
        extended = true;
        hasExif = (file[first.content] & EXIF_FLAG) != 0;
      }
      case "VP8 " -> lossySize(first);
      case "VP8L" -> losslessSize(first);
      default ->
          throw new RefusedImageException(DAMAGED, "WebP begins with a chunk %s", first.type);
    }
  }

  @Override
  public void checkBody() throws RefusedImageException {
    boolean data = false;
    long end = CHUNK_BYTES + Integer.toUnsignedLong(bytes.getInt(4));
    if (end > file.length) {
      throw ends(0);
    }
    Chunk chunk = null;
    for (int at = RIFF_BYTES; at + CHUNK_BYTES <= end; at = chunk.end()) {
      chunk = chunkAt(at);
      switch (chunk.type) {
        case "VP8 " -> data = true;
        case "VP8L" -> {
          transparency = losslessTransparency(chunk);
          losslessAlpha = transparency == Transparency.ALPHA;
          data = true;
        }
        case "ANMF" -> {
          need(chunk, FRAME_BYTES + CHUNK_BYTES);
          transparency = Transparency.ALPHA; // what lies around a frame is transparent
          data = true;
        }
        case "ICCP" -> colourProfile = IccProfile.description(contentOf(chunk));
        case "EXIF" -> readExif(chunk);
        default -> {}
      }
    }
    if (!data) {
      throw new RefusedImageException(DAMAGED, "WebP without pixel data");
    }
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(
        ImageFormat.WEBP, width, height, transparency, orientation, colourProfile);
  }

  /**
   * The file; where its header denies the alpha of a lossless picture, which libwebp decodes all
   * the same, one whose header does not, because OpenCV goes by it.
   */
  @Override
  public byte[] picture() {
    int flags = RIFF_BYTES + CHUNK_BYTES;
    boolean denied = extended && losslessAlpha && (file[flags] & ALPHA_FLAG) == 0;
    if (!denied) {
      return file;
    }
    byte[] honest = file.clone();
    honest[flags] |= ALPHA_FLAG;
    return honest;
  }

  /** RFC 6386, 9.1: three bytes, three of a start code, two sizes of 14 bits. */
  private void lossySize(Chunk chunk) throws RefusedImageException {
    need(chunk, 10);
    int at = chunk.content;
    boolean start = file[at + 3] == (byte) 0x9D && file[at + 4] == 1 && file[at + 5] == 0x2A;
    if ((file[at] & 1) != 0 || !start) {
      throw new RefusedImageException(DAMAGED, "WebP without a key frame at byte %d", at);
    }
    width = bytes.getShort(at + 6) & 0x3FFF;
    height = bytes.getShort(at + 8) & 0x3FFF;
  }

  private void losslessSize(Chunk chunk) throws RefusedImageException {
    need(chunk, 5);
    int sizes = bytes.getInt(chunk.content + 1);
    width = 1 + (sizes & 0x3FFF);
    height = 1 + (sizes >>> 14 & 0x3FFF);
    transparency = losslessTransparency(chunk);
  }

  private Transparency losslessTransparency(Chunk chunk) throws RefusedImageException {
    need(chunk, 5);
    boolean alpha = (bytes.getInt(chunk.content + 1) >>> 28 & 1) != 0;
    return alpha ? Transparency.ALPHA : Transparency.OPAQUE;
  }

  /** The first one, if the header announces it: others are not looked at by libwebp either. */
  private void readExif(Chunk chunk) {
    if (hasExif) {
      orientation = ExifOrientation.of(contentOf(chunk));
      hasExif = false;
    }
  }

  private byte[] contentOf(Chunk chunk) {
    return Arrays.copyOfRange(file, chunk.content, chunk.content + chunk.length);
  }

  private Chunk chunkAt(int offset) throws RefusedImageException {
    if (offset + CHUNK_BYTES > file.length) {
      throw ends(offset);
    }
    long length = Integer.toUnsignedLong(bytes.getInt(offset + 4));
    if (offset + CHUNK_BYTES + length > file.length) {
      throw ends(offset);
    }
    String type = new String(file, offset, 4, StandardCharsets.ISO_8859_1);
    return new Chunk(type, offset + CHUNK_BYTES, (int) length);
  }

  private static void need(Chunk chunk, int length) throws RefusedImageException {
    if (chunk.length < length) {
      throw new RefusedImageException(
          DAMAGED,
          "WebP chunk %s at byte %d has %d bytes",
          chunk.type,
          chunk.content,
          chunk.length);
    }
  }

  private RefusedImageException ends(int offset) {
    return new RefusedImageException(
        TRUNCATED, "WebP ends at byte %d inside the chunk at byte %d", file.length, offset);
  }

  private int u24(int at) {
    return Short.toUnsignedInt(bytes.getShort(at)) | Byte.toUnsignedInt(file[at + 2]) << 16;
  }

  private record Chunk(String type, int content, int length) {
    int end() {
      return content + length + (length & 1);
    }
  }
}
