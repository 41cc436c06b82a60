/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.UNSUPPORTED_FORMAT;

import java.util.Map;
import java.util.Set;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.format.SampleMeaning.Alpha;
import org.splitmask.prep.image.format.SampleMeaning.Zero;

/**
 * What the samples of a TIFF's pixel are (TIFF 6.0, PhotometricInterpretation and ExtraSamples). A
 * band more than the colours need is alpha only where the file says so: in pictures from the air
 * and from satellites it is near infrared, and nothing is transparent.
 *
 * <p>Samples of 1 to 16 bits without sign are read: numbers of other kinds have no black and white
 * that everybody agrees on.
 *
 * @param meaning of those that are looked at, as {@link TiffBands} has them decoded
 * @param stored how many the file has for each pixel
 * @param alphaAt the place of the alpha among these
 * @param planes whether each lies in a plane of its own
 */
public record TiffSamples(
    SampleMeaning meaning, int stored, int alphaAt, Planes planes, Colouring colouring) {
  enum Colouring {
    DIRECT,
    PALETTE
  }

  enum Planes {
    TOGETHER,
    APART
  }

  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  static final int PHOTOMETRIC = 262;
  private static final int SAMPLES = 277;
  private static final int PLANES = 284;
  private static final int COLOUR_MAP = 320;
  private static final int INK_SET = 332;
  static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;

  private static final int MOST_SAMPLES = 16;
  private static final int MOST_BITS = 16;

  /** What a decoder may take for a pixel; more bands of fewer bits are as good. */
  private static final int MOST_PIXEL_BYTES = 16;

  private static final int UNSIGNED = 1;
  private static final int FLOATING = 3;
  private static final int UNDEFINED = 4;
  private static final int ASSOCIATED = 1;
  static final int UNASSOCIATED = 2;
  private static final Set<Long> FAX = Set.of(2L, 3L, 4L);
  private static final Set<Long> JPEG = Set.of(6L, 7L);

  private static final int WHITE_IS_ZERO = 0;
  static final int BLACK_IS_ZERO = 1;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int INKS = 5;
  private static final int YCBCR = 6;

  /** How many colours a way to code them has. */
  private static final Map<Integer, Integer> COLOURS =
      Map.of(
          WHITE_IS_ZERO,
          1,
          BLACK_IS_ZERO,
          1,
          RGB,
          3,
          PALETTE,
          1,
          INKS,
          4,
          YCBCR,
          3,
          8,
          3,
          9,
          3,
          10,
          3);

  /** Codings that are told by name; others by number. */
  private static final Map<Integer, String> UNREAD =
      Map.of(
          4, "a transparency mask",
          32803, "raw data of a camera's sensor",
          32844, "LogL light",
          32845, "LogLuv light",
          34892, "raw data of a camera, linear",
          51177, "a depth map");

  static TiffSamples of(TiffDirectory directory) throws RefusedImageException {
    int said = samples(directory);
    int bits = bits(directory);
    checkFormat(directory);
    int photometric = photometric(directory, said);
    int colours = colours(photometric, directory);
    // Old writers of JPEG leave the number out.
    int stored = directory.count(SAMPLES) == 0 ? Math.max(said, colours) : said;
    Planes planes = directory.value(PLANES, 1) == 2 && stored > 1 ? Planes.APART : Planes.TOGETHER;
    Colouring colouring = photometric == PALETTE ? Colouring.PALETTE : Colouring.DIRECT;
    checkTogether(directory, planes, colouring);
    if (stored * (bits > Byte.SIZE ? 2 : 1) > MOST_PIXEL_BYTES || (bits == 4 && colours >= 3)) {
      throw new RefusedImageException(
          UNSUPPORTED_FORMAT, "TIFF of %d samples of %d bits a pixel", stored, bits);
    }
    // The decoder turns a lone grey round, and would do the same to what lies beside it.
    Zero zero = photometric == WHITE_IS_ZERO && stored > 1 ? Zero.WHITE : Zero.BLACK;
    int alphaAt = alphaAt(directory, colours, stored);
    int decodedAt = alphaAt >= 0 && planes == Planes.APART ? colours : alphaAt;
    int room = bits > Byte.SIZE && bits < MOST_BITS ? bits : 0;
    Alpha alpha = alpha(directory, alphaAt - colours);
    SampleMeaning meaning = new SampleMeaning(colours, zero, alpha, decodedAt, room);
    return new TiffSamples(meaning, stored, alphaAt, planes, colouring);
  }

  /** Refuses what the decoder took for a picture of other bands than the file has. */
  public void checkDecoded(int bands) throws RefusedImageException {
    int needed = meaning.colours() + (meaning.alpha() == Alpha.NONE ? 0 : 1);
    if (planes == Planes.APART ? bands < needed : bands != stored) {
      throw new RefusedImageException(
          UNSUPPORTED_FORMAT,
          "TIFF of %d samples a pixel that are neither of 8 nor of 16 bits, or are fewer than its"
              + " colours; the decoder finds %d",
          stored,
          bands);
    }
  }

  private static int samples(TiffDirectory directory) throws RefusedImageException {
    long samples = directory.value(SAMPLES, 1);
    if (samples < 1 || samples > MOST_SAMPLES) {
      throw new RefusedImageException(
          UNSUPPORTED_FORMAT,
          "TIFF of %d samples a pixel, at most %d are read",
          samples,
          MOST_SAMPLES);
    }
    return (int) samples;
  }

  private static int colours(int photometric, TiffDirectory directory)
      throws RefusedImageException {
    Integer colours = COLOURS.get(photometric);
    if (colours == null) {
      String named = UNREAD.get(photometric);
      throw new RefusedImageException(
          UNSUPPORTED_FORMAT,
          "TIFF of %s",
          named == null ? "photometric interpretation " + photometric : named);
    }
    if (photometric == INKS && directory.value(INK_SET, 1) != 1) {
      throw new RefusedImageException(UNSUPPORTED_FORMAT, "TIFF of inks other than CMYK");
    }
    return colours;
  }

  private static void checkTogether(TiffDirectory directory, Planes planes, Colouring colouring)
      throws RefusedImageException {
    boolean jpeg = JPEG.contains(directory.value(COMPRESSION, 1));
    boolean palette = colouring == Colouring.PALETTE;
    if (planes == Planes.APART && (jpeg || palette)) {
      throw new RefusedImageException(
          UNSUPPORTED_FORMAT,
          "TIFF of separate planes with %s",
          jpeg ? "JPEG compression" : "a palette");
    }
  }

  /** The place of the first band that is declared as alpha; -1 where there is none. */
  private static int alphaAt(TiffDirectory directory, int colours, int stored)
      throws RefusedImageException {
    long[] extras = directory.values(EXTRA_SAMPLES, MOST_SAMPLES);
    for (int i = 0; extras != null && i < extras.length; i++) {
      if (alpha(directory, i) == Alpha.NONE) {
        continue;
      }
      if (colours + i >= stored) {
        throw new RefusedImageException(
            DAMAGED,
            "TIFF says that sample %d of a pixel is alpha, and has %d",
            colours + i + 1,
            stored);
      }
      return colours + i;
    }
    return SampleMeaning.NO_BAND;
  }

  private static Alpha alpha(TiffDirectory directory, int extra) throws RefusedImageException {
    long[] extras = directory.values(EXTRA_SAMPLES, MOST_SAMPLES);
    if (extras == null || extra < 0 || extra >= extras.length) {
      return Alpha.NONE;
    }
    return switch ((int) extras[extra]) {
      case ASSOCIATED -> Alpha.ASSOCIATED;
      case UNASSOCIATED -> Alpha.UNASSOCIATED;
      default -> Alpha.NONE;
    };
  }

  private static int bits(TiffDirectory directory) throws RefusedImageException {
    long[] bits = directory.values(BITS, MOST_SAMPLES);
    for (long each : bits == null ? new long[] {1} : bits) {
      if (each < 1 || each > MOST_BITS) {
        throw new RefusedImageException(UNSUPPORTED_FORMAT, "TIFF samples of %d bits", each);
      }
    }
    return bits == null ? 1 : (int) bits[0];
  }

  private static void checkFormat(TiffDirectory directory) throws RefusedImageException {
    long format = directory.value(SAMPLE_FORMAT, UNSIGNED);
    if (format != UNSIGNED && format != UNDEFINED) {
      throw new RefusedImageException(
          UNSUPPORTED_FORMAT,
          "TIFF samples that are %s",
          format == FLOATING ? "floating" : "signed");
    }
  }

  /** The tag; where it is missing, what the decoder guesses. */
  private static int photometric(TiffDirectory directory, int stored) throws RefusedImageException {
    long given = directory.value(PHOTOMETRIC, -1);
    if (given >= 0) {
      return (int) Math.min(given, Integer.MAX_VALUE);
    }
    long compression = directory.value(COMPRESSION, 1);
    if (FAX.contains(compression)) {
      return WHITE_IS_ZERO;
    }
    if (directory.count(COLOUR_MAP) > 0) {
      return PALETTE;
    }
    return switch (stored - (int) Math.min(directory.count(EXTRA_SAMPLES), MOST_SAMPLES)) {
      case 3 -> JPEG.contains(compression) ? YCBCR : RGB;
      case 4 -> INKS;
      default -> BLACK_IS_ZERO;
    };
  }
}
