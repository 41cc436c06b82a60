/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.ExifOrientation;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.IccProfile;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.ImageHeader.Transparency;
import org.splitmask.prep.image.file.RefusedImageException;

/**
 * Walks the chunks of a PNG file and checks the checksums of those that a decoder cannot do
 * without. Decoders differ in how much of a broken file they forgive; this walk forgives nothing
 * that makes pixels.
 */
final class PngStructure implements FileStructure {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
  private static final int HEADER_BYTES = 13;

  /** Length, type and checksum around a chunk's content. */
  private static final int AROUND_CONTENT = 12;

  /** What a still picture needs besides its first and its last chunk. */
  private static final Set<String> MAKES_PIXELS = Set.of("PLTE", "tRNS", "IDAT");

  private final byte[] file;
  private final ByteBuffer bytes;
  private Transparency transparency = Transparency.OPAQUE;
  private byte @Nullable [] exif;
  private byte @Nullable [] textExif;
  private @Nullable String colourProfile;
  private boolean animated;
  private boolean whole;

  PngStructure(byte[] file) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(file);
  }

  static boolean matches(byte[] file) {
    return file.length >= SIGNATURE.length
        && Arrays.equals(file, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /** Reads the first chunk, which must be the header. */
  @Override
  public void readHeader() throws RefusedImageException {
    Chunk first = chunkAt(SIGNATURE.length);
    if (!first.type.equals("IHDR") || first.length != HEADER_BYTES) {
      throw new RefusedImageException(DAMAGED, "PNG begins with a chunk %s", first.type);
    }
    checkSum(first);
    if (bytes.get(first.content + 10) != 0 || bytes.get(first.content + 11) != 0) {
      throw new RefusedImageException(DAMAGED, "PNG with an unknown compression or filter method");
    }
    transparency = isAlpha(bytes.get(first.content + 9)) ? Transparency.ALPHA : Transparency.OPAQUE;
  }

  /** Walks all chunks to the end chunk. */
  @Override
  public void checkBody() throws RefusedImageException {
    boolean data = false;
    Chunk chunk = chunkAt(SIGNATURE.length);
    while (!chunk.type.equals("IEND")) {
      chunk = chunkAt(chunk.end());
      checkSum(chunk);
      switch (chunk.type) {
        case "tRNS" -> transparency = Transparency.ALPHA;
        case "eXIf" -> exif = contentOf(chunk);
        case "tEXt", "zTXt", "iTXt" -> readText(chunk);
        case "iCCP" -> readProfile(chunk);
        case "IDAT" -> data = true;
        case "acTL", "fcTL", "fdAT" -> animated = true;
        default -> {}
      }
    }
    if (!data) {
      throw new RefusedImageException(DAMAGED, "PNG without pixel data");
    }
    whole = true;
  }

  @Override
  public ImageHeader header() {
    int content = SIGNATURE.length + 8;
    return new ImageHeader(
        ImageFormat.PNG,
        bytes.getInt(content),
        bytes.getInt(content + 4),
        transparency,
        orientation(),
        colourProfile);
  }

  /**
   * The file; or, where it is animated or damaged, a new one of the chunks that make the still
   * picture, as far as they go. OpenCV returns some frame of an animation, and a damaged animation
   * crashes the process (4.12 and 4.13; issue 27744 of opencv/opencv).
   */
  @Override
  public byte[] picture() {
    return whole && !animated ? file : rebuilt();
  }

  private byte[] rebuilt() {
    ByteArrayOutputStream still = new ByteArrayOutputStream(file.length);
    still.write(file, 0, SIGNATURE.length);
    long at = SIGNATURE.length;
    while (at + AROUND_CONTENT <= file.length) {
      int content = (int) at + 8;
      long length = Integer.toUnsignedLong(bytes.getInt(content - 8));
      String type = new String(file, content - 4, 4, StandardCharsets.ISO_8859_1);
      boolean isFirst = at == SIGNATURE.length;
      if (type.equals("IEND")) {
        break;
      }
      if (type.equals("IHDR") ? isFirst : MAKES_PIXELS.contains(type)) {
        int held = (int) Math.min(length, file.length - content);
        write(still, type, Arrays.copyOfRange(file, content, content + held));
      }
      at += AROUND_CONTENT + length;
    }
    write(still, "IEND", new byte[0]);
    return still.toByteArray();
  }

  private static void write(ByteArrayOutputStream still, String type, byte[] content) {
    byte[] name = type.getBytes(StandardCharsets.ISO_8859_1);
    CRC32 sum = new CRC32();
    sum.update(name);
    sum.update(content);
    still.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    still.writeBytes(name);
    still.writeBytes(content);
    still.writeBytes(ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
  }

  private void readText(Chunk chunk) {
    if (textExif == null && PngText.isExif(file, chunk.content, chunk.length)) {
      textExif = PngText.exif(chunk.type, contentOf(chunk));
    }
  }

  /** A name, a zero, the method, then the profile. */
  private void readProfile(Chunk chunk) {
    if (colourProfile == null) {
      byte[] content = contentOf(chunk);
      colourProfile =
          IccProfile.description(PngText.inflated(content, PngText.keyword(content) + 2));
    }
  }

  /** The chunk made for it goes before what ImageMagick writes into a text. */
  private int orientation() {
    return ExifOrientation.of(exif != null ? exif : textExif != null ? textExif : new byte[0]);
  }

  private byte[] contentOf(Chunk chunk) {
    return Arrays.copyOfRange(file, chunk.content, chunk.content + chunk.length);
  }

  private Chunk chunkAt(int offset) throws RefusedImageException {
    if (offset + AROUND_CONTENT > file.length) {
      throw ends(offset);
    }
    long length = Integer.toUnsignedLong(bytes.getInt(offset));
    String type = new String(file, offset + 4, 4, StandardCharsets.ISO_8859_1);
    if (!type.chars().allMatch(c -> (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) {
      throw new RefusedImageException(DAMAGED, "PNG has no chunk at byte %d", offset);
    }
    if (offset + AROUND_CONTENT + length > file.length) {
      throw ends(offset);
    }
    return new Chunk(type, offset + 8, (int) length);
  }

  private void checkSum(Chunk chunk) throws RefusedImageException {
    boolean critical = Character.isUpperCase(chunk.type.charAt(0));
    if (!critical) {
      return;
    }
    CRC32 sum = new CRC32();
    sum.update(file, chunk.content - 4, chunk.length + 4);
    if ((int) sum.getValue() != bytes.getInt(chunk.content + chunk.length)) {
      throw new RefusedImageException(
          DAMAGED, "PNG chunk %s at byte %d has a wrong checksum", chunk.type, chunk.content - 8);
    }
  }

  private RefusedImageException ends(int offset) {
    return new RefusedImageException(
        TRUNCATED,
        "PNG ends at byte %d inside the chunk at byte %d, before its end chunk",
        file.length,
        offset);
  }

  private static boolean isAlpha(byte colourType) {
    return colourType == 4 || colourType == 6;
  }

  private record Chunk(String type, int content, int length) {
    int end() {
      return content + length + 4;
    }
  }
}
