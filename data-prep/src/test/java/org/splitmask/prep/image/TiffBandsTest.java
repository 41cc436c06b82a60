/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.image.TiffFile.EXTRA_SAMPLES;
import static org.splitmask.prep.image.TiffFile.PHOTOMETRIC;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.file.RejectionReason;

/** Bands of a TIFF beyond its colours: alpha where the file says so, otherwise none. */
class TiffBandsTest {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 1 << 20, 8);
  private static final int SIDE = 32;
  private static final int WHITE = 255;
  private static final int WHITE_IS_ZERO = 0;
  private static final int BLACK_IS_ZERO = 1;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int ASSOCIATED = 1;
  private static final int UNASSOCIATED = 2;

  private final ImageDecoder decoder = new ImageDecoder(LIMITS, Background.WHITE, SIDE);

  private static final List<UnaryOperator<TiffFile>> LAYOUTS =
      List.of(
          file -> file,
          file -> file.inPlanes(),
          file -> file.inStripsOf(5).bigEndian(),
          file -> file.inPlanes().inStripsOf(7).ofSixteenBits(),
          file -> file.inTilesOf(16).ofSixteenBits().bigEndian(),
          file -> file.inPlanes().inTilesOf(16).deflated(),
          file -> file.inStripsOf(9).deflated().ofSixteenBits(),
          file -> file.inPlanes().bigTiff().inStripsOf(11),
          file -> file.bigTiff().bigEndian().deflated());

  /** Colours, and what ExtraSamples says of each further band; no word of it where it is empty. */
  static Stream<Arguments> bands() {
    List<long[]> declared =
        List.of(
            new long[] {0},
            new long[] {1},
            new long[] {2},
            new long[] {0, 0},
            new long[] {0, 1},
            new long[] {0, 2},
            new long[] {2, 0},
            new long[] {0, 0, 2, 0});
    List<Arguments> all = new ArrayList<>();
    for (int colours : new int[] {1, 3}) {
      for (UnaryOperator<TiffFile> layout : LAYOUTS) {
        for (long[] extras : declared) {
          TiffFile file = picture(colours, extras).tag(EXTRA_SAMPLES, extras);
          all.add(Arguments.of(layout.apply(file), colours, extras));
        }
        for (int more = 1; more <= 3; more++) {
          all.add(
              Arguments.of(layout.apply(picture(colours, new long[more])), colours, new long[0]));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bands")
  void onlyADeclaredBandIsAlphaAndItCountsOnce(TiffFile file, int colours, long[] extras) {
    byte[] pixels = pixels(decoder, file.bytes());

    for (int i = 0; i < pixels.length; i++) {
      int x = i / 3 % SIDE;
      int y = i / 3 / SIDE;
      double expected = seen(x, y, colours == 1 ? 0 : i % 3, extras);
      assertThat(Byte.toUnsignedInt(pixels[i]) - expected).as("%d, %d", x, y).isBetween(-1.0, 1.0);
    }
  }

  @Test
  void associatedColoursAreAddedToABackgroundOfAnyColour() {
    ImageDecoder onBlue = new ImageDecoder(LIMITS, new Background(0, 0, 255), SIDE);
    TiffFile file = new TiffFile(SIDE, 4, (x, y, sample) -> new int[] {60, 30, 0, 100}[sample]);

    byte[] pixels =
        pixels(onBlue, file.tag(PHOTOMETRIC, RGB).tag(EXTRA_SAMPLES, ASSOCIATED).bytes());

    assertThat(pixels).startsWith(60, 30, 155);
  }

  @Test
  void alphaIsNotTurnedRoundWhereWhiteIsZero() {
    for (long extra : new long[] {0, UNASSOCIATED}) {
      for (UnaryOperator<TiffFile> layout : LAYOUTS) {
        TiffFile file = new TiffFile(SIDE, 2, (x, y, sample) -> sample == 0 ? 205 : 51);
        layout.apply(file.tag(PHOTOMETRIC, WHITE_IS_ZERO).tag(EXTRA_SAMPLES, extra));

        // 50, as black is 255; a fifth of it on white is 214.
        assertThat(pixels(decoder, file.bytes()))
            .as(file.toString())
            .containsOnly(extra == 0 ? 50 : 214);
      }
    }
  }

  @Test
  void aBandBesideAPalettesIndexIsAlphaOnlyWhereTheFileSaysSo() {
    TiffFile plain = new TiffFile(SIDE, 2, (x, y, sample) -> sample == 0 ? 3 : 51);
    TiffFile alpha = new TiffFile(SIDE, 2, (x, y, sample) -> sample == 0 ? 3 : 51);
    long[] colours = new long[768];
    colours[3] = 50 * 257;
    colours[256 + 3] = 100 * 257;
    colours[512 + 3] = 150 * 257;
    plain.tag(PHOTOMETRIC, PALETTE).tag(320, colours).tag(EXTRA_SAMPLES, 0);
    alpha.tag(PHOTOMETRIC, PALETTE).tag(320, colours).tag(EXTRA_SAMPLES, UNASSOCIATED);

    assertThat(pixels(decoder, plain.bytes())).startsWith(50, 100, 150);
    assertThat(pixels(decoder, alpha.bytes())).startsWith(214, 224, 234);
  }

  @Test
  void aColourMapOfEightBitsIsNotBlack() {
    long[] colours = new long[768];
    colours[3] = 50;
    colours[256 + 3] = 100;
    colours[512 + 3] = 150;
    TiffFile file = new TiffFile(SIDE, 1, (x, y, sample) -> 3);

    byte[] pixels = pixels(decoder, file.tag(PHOTOMETRIC, PALETTE).tag(320, colours).bytes());

    assertThat(pixels).startsWith(50, 100, 150);
  }

  @Test
  void inkLosesNothingToABandBesideIt() {
    int[] inks = {10, 20, 30, 51, 77};
    TiffFile file = new TiffFile(SIDE, 5, (x, y, sample) -> inks[sample]);

    byte[] pixels = pixels(decoder, file.tag(PHOTOMETRIC, 5).tag(EXTRA_SAMPLES, 0).bytes());

    assertThat(pixels).startsWith(196, 188, 180); // (255 - 10) · (255 - 51) / 255 and so on
  }

  @ParameterizedTest
  @CsvSource({
    "2,12,258,4,TIFF of 12 samples of 16 bits a pixel",
    "2,17,258,8,'TIFF of 17 samples a pixel, at most 16 are read'",
    "4,1,258,8,TIFF of a transparency mask",
    "32803,1,258,8,TIFF of raw data of a camera's sensor",
    "77,1,258,8,TIFF of photometric interpretation 77",
    "5,4,332,2,TIFF of inks other than CMYK",
    "2,3,50706,1,'TIFF of a camera''s raw data (DNG), develop it first'"
  })
  void whatIsNotReadIsNamed(int photometric, int samples, int tag, int value, String detail) {
    TiffFile file = new TiffFile(SIDE, samples, (x, y, sample) -> 9).tag(PHOTOMETRIC, photometric);
    if (tag == 258) {
      file = samples == 12 ? file.ofSixteenBits() : file;
    } else {
      file.tag(tag, value);
    }

    refused(file.bytes(), RejectionReason.UNSUPPORTED_FORMAT, detail);
  }

  @Test
  void coloursOfFourBitsAreRefusedBecauseTheDecoderMixesThemUp() {
    TiffFile file = new TiffFile(SIDE, 3, (x, y, sample) -> 9).tag(PHOTOMETRIC, RGB);

    refused(
        file.tag(258, 4, 4, 4).bytes(),
        RejectionReason.UNSUPPORTED_FORMAT,
        "TIFF of 3 samples of 4 bits a pixel");
  }

  @Test
  void planesWithAPaletteOrJpegAreRefused() {
    TiffFile palette = new TiffFile(SIDE, 2, (x, y, sample) -> 1).inPlanes();
    TiffFile jpeg = new TiffFile(SIDE, 3, (x, y, sample) -> 1).inPlanes();

    refused(
        palette.tag(PHOTOMETRIC, PALETTE).tag(320, new long[768]).bytes(),
        RejectionReason.UNSUPPORTED_FORMAT,
        "TIFF of separate planes with a palette");
    refused(
        jpeg.tag(PHOTOMETRIC, RGB).tag(259, 7).bytes(),
        RejectionReason.UNSUPPORTED_FORMAT,
        "TIFF of separate planes with JPEG compression");
  }

  @Test
  void alphaThatIsNotThereIsDamage() {
    TiffFile file = new TiffFile(SIDE, 3, (x, y, sample) -> 9).tag(PHOTOMETRIC, RGB);

    refused(
        file.tag(EXTRA_SAMPLES, UNASSOCIATED).bytes(),
        RejectionReason.DAMAGED,
        "TIFF says that sample 4 of a pixel is alpha, and has 3");
  }

  @Test
  void aPreviewIsNotTakenForTheRawPictureBehindIt() {
    TiffFile file = new TiffFile(SIDE, 3, (x, y, sample) -> 9).tag(PHOTOMETRIC, RGB);
    refused(
        file.tag(254, 1).tag(330, 4000).bytes(),
        RejectionReason.UNSUPPORTED_FORMAT,
        "TIFF of a camera's raw data (as NEF and ARW)");

    byte[] canon = new TiffFile(SIDE, 3, (x, y, s) -> 9).tag(PHOTOMETRIC, RGB).bytes();
    canon[8] = 'C';
    canon[9] = 'R';
    assertThat(decoder.decode(canon))
        .as("pixels that happen to say so")
        .isInstanceOf(Decoded.class);
    canon[10] = 2;
    canon[11] = 0;
    refused(canon, RejectionReason.UNSUPPORTED_FORMAT, "TIFF of a camera's raw data (CR2)");
  }

  @Test
  void aDirectoryInsideTheHeaderIsDamage() {
    byte[] file = new byte[200];
    file[0] = 'M';
    file[1] = 'M';
    file[3] = 42;

    refused(file, RejectionReason.DAMAGED, "TIFF whose directory would lie at byte 0");
  }

  private void refused(byte[] file, RejectionReason reason, String detail) {
    DecodeResult result = decoder.decode(file);
    assertThat(result).isInstanceOf(Refused.class);
    assertThat(((Refused) result).detail()).startsWith(detail);
    assertThat(((Refused) result).reason()).isEqualTo(reason);
  }

  private static byte[] pixels(ImageDecoder decoder, byte[] file) {
    DecodeResult result = decoder.decode(file);
    assertThat(result).isInstanceOf(Decoded.class);
    return ((Decoded) result).image().pixels();
  }

  /** A picture whose declared alpha, if any, grows from left to right; other bands are noise. */
  private static TiffFile picture(int colours, long[] extras) {
    return new TiffFile(
            SIDE, colours + extras.length, (x, y, sample) -> stored(x, y, sample, colours, extras))
        .tag(PHOTOMETRIC, colours == 1 ? BLACK_IS_ZERO : RGB);
  }

  private static int stored(int x, int y, int sample, int colours, long[] extras) {
    int alphaAt = alphaAt(extras);
    if (sample >= colours) {
      return sample - colours == alphaAt ? alpha(x) : (x * 37 + y * 11 + sample) % 256;
    }
    boolean multiplied = alphaAt >= 0 && extras[alphaAt] == ASSOCIATED;
    int colour = colour(x, y, sample);
    return multiplied ? (int) Math.round(colour * alpha(x) / (double) WHITE) : colour;
  }

  /** What is to be seen on white. */
  private static double seen(int x, int y, int band, long[] extras) {
    int alphaAt = alphaAt(extras);
    double alpha = alphaAt < 0 ? 1 : alpha(x) / (double) WHITE;
    return colour(x, y, band) * alpha + WHITE * (1 - alpha);
  }

  private static int alphaAt(long[] extras) {
    for (int i = 0; i < extras.length; i++) {
      if (extras[i] == ASSOCIATED || extras[i] == UNASSOCIATED) {
        return i;
      }
    }
    return -1;
  }

  private static int alpha(int x) {
    return x * WHITE / (SIDE - 1);
  }

  private static int colour(int x, int y, int band) {
    return 20 + 3 * x + 2 * y + 40 * band;
  }
}
