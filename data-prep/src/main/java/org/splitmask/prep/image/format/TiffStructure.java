/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;
import static org.splitmask.prep.image.file.RejectionReason.UNSUPPORTED_FORMAT;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.ExifOrientation;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.IccProfile;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.ImageHeader.Transparency;
import org.splitmask.prep.image.file.RefusedImageException;

/** Reads the first directory of a TIFF file, which is the picture. */
public final class TiffStructure implements FileStructure {
  private static final int SUBFILE_KIND = 254;
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int STRIP_OFFSETS = 273;
  private static final int ORIENTATION = 274;
  private static final int PHOTOMETRIC = 262;
  private static final int SAMPLES = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTES = 279;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;
  private static final int SUB_FILES = 330;
  private static final int PROFILE = 34675;
  private static final int DNG_VERSION = 50706;

  private static final int YCBCR = 6;
  static final int MOST_PIECES = 1 << 20;

  /** Compressions that are told by name; others by number. */
  private static final Map<Long, String> UNREAD =
      Map.of(34712L, "JPEG 2000", 34925L, "LZMA", 50000L, "Zstandard", 50001L, "WebP");

  private final byte[] file;
  private int width;
  private int height;
  private int orientation = ExifOrientation.UPRIGHT;
  private @Nullable String colourProfile;
  private @Nullable TiffSamples samples;

  TiffStructure(byte[] file) {
    this.file = file;
  }

  @Override
  public void readHeader() throws RefusedImageException {
    if (file.length < 16) {
      throw new RefusedImageException(TRUNCATED, "TIFF ends at byte %d", file.length);
    }
    TiffDirectory directory = new TiffDirectory(file);
    checkRaw(directory);
    width = size(directory, WIDTH);
    height = size(directory, HEIGHT);
    long turned = directory.value(ORIENTATION, ExifOrientation.UPRIGHT);
    orientation = turned >= 1 && turned <= 8 ? (int) turned : ExifOrientation.UPRIGHT;
    byte[] profile = directory.blob(PROFILE);
    colourProfile = profile == null ? null : IccProfile.description(profile);
    checkCompression(directory);
    samples = TiffSamples.of(directory);
  }

  /** Checks that the strips or tiles are as many as there must be, and lie inside the file. */
  @Override
  public void checkBody() throws RefusedImageException {
    TiffDirectory directory = new TiffDirectory(file);
    boolean tiled = directory.count(TILE_OFFSETS) > 0;
    long[] offsets = directory.values(tiled ? TILE_OFFSETS : STRIP_OFFSETS, MOST_PIECES);
    long[] lengths = directory.values(tiled ? TILE_BYTES : STRIP_BYTES, MOST_PIECES);
    if (offsets == null) {
      return; // the JPEG compression of before 1995 does without; the decoder judges
    }
    if (!tiled) {
      checkCount(directory, offsets.length);
    }
    long held = 0;
    for (int i = 0; i < offsets.length; i++) {
      long length = lengths != null && i < lengths.length ? lengths[i] : 0;
      long room = file.length - offsets[i];
      boolean inside = offsets[i] > 0 && length >= 0 && room > 0;
      // Without compression a length that is too long does no harm while the pixels are there.
      if (!inside || (length > room && (tiled || directory.value(COMPRESSION, 1) != 1))) {
        throw pieceOutside(tiled, i, offsets[i] + length);
      }
      held += length == 0 ? room : Math.min(length, room);
    }
    if (!tiled && held < leastBytes(directory)) {
      throw new RefusedImageException(
          TRUNCATED, "TIFF has %d bytes of %d that its pixels take", held, leastBytes(directory));
    }
  }

  /** What the numbers of a pixel are. */
  public TiffSamples samples() {
    return Objects.requireNonNull(samples);
  }

  private void checkCount(TiffDirectory directory, int found) throws RefusedImageException {
    long rows = directory.value(ROWS_PER_STRIP, height);
    long needed = rows <= 0 || rows >= height ? 1 : (height + rows - 1) / rows;
    long samples = directory.value(SAMPLES, 1);
    if (found != needed && found != needed * samples) {
      throw new RefusedImageException(
          DAMAGED, "TIFF of %d strips, which should be %d", found, needed);
    }
  }

  /** What the pixels take without compression; 0 where that cannot be told. */
  private long leastBytes(TiffDirectory directory) throws RefusedImageException {
    boolean subsampled = directory.value(PHOTOMETRIC, 1) == YCBCR;
    if (directory.value(COMPRESSION, 1) != 1 || subsampled) {
      return 0;
    }
    long rowBits = width * directory.value(SAMPLES, 1) * directory.value(BITS, 1);
    return (rowBits + 7) / 8 * height;
  }

  private RefusedImageException pieceOutside(boolean tiled, int index, long end) {
    return new RefusedImageException(
        TRUNCATED,
        "TIFF ends at byte %d, its %s %d at byte %d",
        file.length,
        tiled ? "tile" : "strip",
        index,
        end);
  }

  @Override
  public ImageHeader header() {
    return new ImageHeader(
        ImageFormat.TIFF, width, height, Transparency.ALPHA, orientation, colourProfile);
  }

  @Override
  public byte[] picture() {
    return file;
  }

  /** Canon's mark and version stand behind the header, where other files may have pixels. */
  private boolean isCanonRaw() {
    return file[8] == 'C' && file[9] == 'R' && file[10] == 2 && file[11] == 0;
  }

  /** Refuses cameras' raw files, whose first picture is a small preview, if it is one at all. */
  private void checkRaw(TiffDirectory directory) throws RefusedImageException {
    boolean preview = (directory.value(SUBFILE_KIND, 0) & 1) != 0 && directory.count(SUB_FILES) > 0;
    String raw =
        isCanonRaw()
            ? "CR2"
            : directory.count(DNG_VERSION) > 0 ? "DNG" : preview ? "as NEF and ARW" : null;
    if (raw != null) {
      throw new RefusedImageException(
          UNSUPPORTED_FORMAT, "TIFF of a camera's raw data (%s), develop it first", raw);
    }
  }

  private static void checkCompression(TiffDirectory directory) throws RefusedImageException {
    String unread = UNREAD.get(directory.value(COMPRESSION, 1));
    if (unread != null) {
      throw new RefusedImageException(UNSUPPORTED_FORMAT, "TIFF with %s compression", unread);
    }
  }

  private static int size(TiffDirectory directory, int tag) throws RefusedImageException {
    long size = directory.value(tag, 0);
    if (size <= 0 || size > Integer.MAX_VALUE) {
      throw new RefusedImageException(
          DAMAGED, "TIFF whose %s is %d", tag == WIDTH ? "width" : "height", size);
    }
    return (int) size;
  }
}
