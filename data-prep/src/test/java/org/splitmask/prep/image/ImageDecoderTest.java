/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Pictures.concat;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;
import static org.splitmask.prep.Pictures.png;
import static org.splitmask.prep.Pictures.quarters;
import static org.splitmask.prep.Pictures.tiff;
import static org.splitmask.prep.Pictures.withChunk;
import static org.splitmask.prep.Pictures.withExif;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.common.resample.BicubicWeights;
import org.splitmask.common.resample.Resampler;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageLimits;

/** Good files of every kind. */
class ImageDecoderTest {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 1 << 20, 8);
  private static final int SIZE = 16;
  private final ImageDecoder decoder = new ImageDecoder(LIMITS, Background.WHITE, SIZE);

  @Test
  void antialiasesWhenItShrinks() {
    BufferedImage image = noise(64, 64, 1);
    BicubicWeights quarter = BicubicWeights.of(0, 64, SIZE);

    byte[] pixels = decode(png(image)).pixels();

    float[] expected = Resampler.resample(rgb(image), 64, 3, quarter, quarter);
    double difference = 0;
    for (int i = 0; i < pixels.length; i++) {
      difference += Math.abs(Byte.toUnsignedInt(pixels[i]) - expected[i]) / pixels.length;
    }
    // Pixels are rounded between the two directions as well.
    assertThat(difference).as("mean absolute difference in levels").isLessThan(0.5);
  }

  @Test
  void cropsTheCentre() {
    BufferedImage image = new BufferedImage(48, 16, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 16; y++) {
      for (int x = 16; x < 32; x++) {
        image.setRGB(x, y, 0x0A141E);
      }
    }

    DecodedImage decoded = decode(png(image));

    assertThat(decoded.pixels()).startsWith(10, 20, 30).endsWith(10, 20, 30);
    assertThat(decoded.originalWidth()).isEqualTo(48);
    assertThat(decoded.originalHeight()).isEqualTo(16);
  }

  @Test
  void enlargesSmallPictures() {
    assertThat(rgb(decode(png(quarters(8, 8))), 3, 3)).isEqualTo(0xFF0000);
  }

  @Test
  void readsJpegNearlyAsItWas() {
    DecodedImage decoded = decode(jpeg(quarters(32, 32)));

    assertThat(decoded.format()).isEqualTo(ImageFormat.JPEG);
    int red = rgb(decoded, 3, 3);
    assertThat(red >> 16).isGreaterThan(240);
    assertThat(red & 0xFFFF).isLessThan(0x2020);
  }

  @ParameterizedTest
  // Where the stored red, green, blue and white quarters are to be seen, by EXIF's own table.
  @CsvSource({"1,RGBW", "2,GRWB", "3,WBGR", "4,BWRG", "5,RBGW", "6,BRWG", "7,WGBR", "8,GWRB"})
  void turnsPicturesUprightAsExifSays(int orientation, String seen) {
    byte[] asJpeg = withExif(jpeg(quarters(64, 32)), orientation);
    byte[] asPng = withChunk(png(quarters(64, 32)), "eXIf", tiff(orientation));

    // The centre square of 64×32 still has all four quarters.
    assertThat(quartersOf(decode(asJpeg))).isEqualTo(seen);
    assertThat(quartersOf(decode(asPng))).isEqualTo(seen);
    assertThat(decode(asPng).originalWidth()).isEqualTo(orientation < 5 ? 64 : 32);
  }

  @Test
  void ignoresABrokenExifBlock() {
    byte[] broken = withExif(jpeg(quarters(32, 32)), 99);

    assertThat(quartersOf(decode(broken))).isEqualTo("RGBW");
  }

  @Test
  void laysTransparentPicturesOnTheBackground() {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < 16; x++) {
        image.setRGB(x, y, y < 8 ? 0x00FF0000 : 0x80FF0000);
      }
    }
    ImageDecoder onBlue = new ImageDecoder(LIMITS, new Background(0, 0, 255), SIZE);

    DecodedImage decoded = ((Decoded) onBlue.decode(png(image))).image();

    assertThat(rgb(decoded, 0, 0)).isEqualTo(0x0000FF);
    assertThat(rgb(decoded, 0, 15)).isEqualTo(0x80007F);
  }

  @Test
  void turnsATransparentPictureUpright() {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
    image.createGraphics().drawImage(quarters(16, 16), 0, 0, null);

    assertThat(quartersOf(decode(withChunk(png(image), "eXIf", tiff(6))))).isEqualTo("BRWG");
  }

  @Test
  void readsGreyPaletteAndSixteenBits() {
    BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    fill(grey, 77);
    BufferedImage deep = new BufferedImage(16, 16, BufferedImage.TYPE_USHORT_GRAY);
    fill(deep, 77 * 257);
    byte[] ramp = {0, 77};
    BufferedImage palette =
        new BufferedImage(
            16, 16, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(1, 2, ramp, ramp, ramp));
    fill(palette, 1);

    assertThat(rgb(decode(png(grey)), 5, 5)).isEqualTo(0x4D4D4D);
    assertThat(rgb(decode(png(deep)), 5, 5)).isEqualTo(0x4D4D4D);
    assertThat(rgb(decode(png(palette)), 5, 5)).isEqualTo(0x4D4D4D);
    assertThat(rgb(decode(jpeg(grey)), 5, 5)).isEqualTo(0x4D4D4D);
  }

  @Test
  void takesTheStillPictureOfAnAnimation() {
    byte[] still = png(quarters(16, 16));
    byte[] animated = withChunk(still, "acTL", new byte[] {0, 0, 0, 9, 0, 0, 0, 0});

    assertThat(decode(animated).pixels()).isEqualTo(decode(still).pixels());
  }

  @Test
  void decidesByContentAndForgivesWhatFollowsThePicture() {
    byte[] trailing = concat(jpeg(quarters(32, 32)), new byte[100]);

    assertThat(quartersOf(decode(trailing))).isEqualTo("RGBW");
  }

  @Test
  void decodesTheSameBytesAlike() {
    byte[] file = jpeg(noise(50, 70, 3));

    assertThat(decode(file).pixels()).isEqualTo(decode(file).pixels());
  }

  private DecodedImage decode(byte[] file) {
    DecodeResult result = decoder.decode(file);
    assertThat(result).isInstanceOf(Decoded.class);
    return ((Decoded) result).image();
  }

  private static String quartersOf(DecodedImage image) {
    StringBuilder seen = new StringBuilder();
    for (int[] at : new int[][] {{3, 3}, {12, 3}, {3, 12}, {12, 12}}) {
      int rgb = rgb(image, at[0], at[1]);
      boolean red = (rgb >> 16 & 0xFF) > 128;
      boolean green = (rgb >> 8 & 0xFF) > 128;
      seen.append(red && green ? 'W' : red ? 'R' : green ? 'G' : 'B');
    }
    return seen.toString();
  }

  private static int rgb(DecodedImage image, int x, int y) {
    int at = (y * image.size() + x) * 3;
    byte[] pixels = image.pixels();
    return (pixels[at] & 0xFF) << 16 | (pixels[at + 1] & 0xFF) << 8 | (pixels[at + 2] & 0xFF);
  }

  private static byte[] rgb(BufferedImage image) {
    byte[] pixels = new byte[image.getWidth() * image.getHeight() * 3];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = image.getRGB(i / 3 % image.getWidth(), i / 3 / image.getWidth());
      pixels[i] = (byte) (pixel >> (16 - 8 * (i % 3)));
    }
    return pixels;
  }

  private static void fill(BufferedImage image, int sample) {
    WritableRaster raster = image.getRaster();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        raster.setSample(x, y, 0, sample);
      }
    }
  }
}
