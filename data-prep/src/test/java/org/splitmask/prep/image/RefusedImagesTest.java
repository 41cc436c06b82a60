/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;
import static org.splitmask.prep.Pictures.png;
import static org.splitmask.prep.Pictures.pngClaiming;
import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.EMPTY;
import static org.splitmask.prep.image.file.RejectionReason.TOO_LARGE;
import static org.splitmask.prep.image.file.RejectionReason.TOO_MANY_PIXELS;
import static org.splitmask.prep.image.file.RejectionReason.TOO_SMALL;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;
import static org.splitmask.prep.image.file.RejectionReason.UNSUPPORTED_FORMAT;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.file.RejectionReason;

/** Bad files of every kind. */
class RefusedImagesTest {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 16, 10_000, 16);
  private final ImageDecoder decoder = new ImageDecoder(LIMITS, Background.WHITE, 32);

  @Test
  void refusesAnEmptyFile() {
    refused(new byte[0], EMPTY, "no bytes");
  }

  @Test
  void refusesALongFile() {
    refused(new byte[70_000], TOO_LARGE, "max-bytes is 65536");
  }

  @Test
  void refusesABombByItsHeaderAlone() {
    refused(
        pngClaiming(60_000, 60_000), TOO_MANY_PIXELS, "60000×60000 pixels, max-pixels is 10000");
    refused(jpegClaiming(65_000, 65_000), TOO_MANY_PIXELS, "65000×65000 pixels");
  }

  @Test
  void refusesABombOfEveryFormatByItsHeader() {
    String detail = "pixels, max-pixels is 10000";
    refused(claiming("plain.bmp", 18, 4), TOO_MANY_PIXELS, detail);
    refused(claiming("plain.gif", 6, 2), TOO_MANY_PIXELS, detail);
    refused(claiming("lossless.webp", 21, 2), TOO_MANY_PIXELS, detail);
    refused(claiming("lossy.webp", 26, 2), TOO_MANY_PIXELS, detail);
    refused(tiffClaiming(0x7FFF), TOO_MANY_PIXELS, detail);
  }

  /** A sample whose width, at this byte, is made as large as the format has room for. */
  private static byte[] claiming(String sample, int at, int length) {
    byte[] file = SamplePictures.all().get(sample).clone();
    Arrays.fill(file, at, at + length, (byte) 0xFF);
    file[at + length - 1] = 0x3F;
    return file;
  }

  /** A directory of a width and a height, and no pixels. */
  private static byte[] tiffClaiming(int side) {
    ByteBuffer file = ByteBuffer.allocate(8 + 2 + 24 + 4);
    file.put(new byte[] {'M', 'M', 0, 42}).putInt(8).putShort((short) 2);
    file.putShort((short) 256).putShort((short) 4).putInt(1).putInt(side);
    file.putShort((short) 257).putShort((short) 4).putInt(1).putInt(side);
    return file.array();
  }

  @ParameterizedTest
  @CsvSource({
    "plain.bmp,BMP",
    "runs.bmp,BMP",
    "plain.gif,GIF",
    "lossy.webp,WebP",
    "lossless.webp,WebP",
    "plain.tif,TIFF",
    "lzw.tif,TIFF"
  })
  void refusesFilesOfEveryFormatCutInHalf(String sample, String name) {
    byte[] whole = SamplePictures.all().get(sample);

    refused(Arrays.copyOf(whole, whole.length / 2), TRUNCATED, name);
  }

  @Test
  void refusesASmallPicture() {
    refused(png(noise(100, 15, 1)), TOO_SMALL, "100×15 pixels, min-side is 16");
    refused(jpegClaiming(0, 20), DAMAGED, "0×20");
  }

  @Test
  void refusesAJpegCutAnywhere() {
    byte[] whole = jpeg(noise(64, 64, 2));
    for (int length = 3; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length), TRUNCATED, "JPEG ends at byte " + length);
    }
  }

  @Test
  void refusesAPngCutAnywhere() {
    byte[] whole = png(noise(40, 40, 3));
    for (int length = 8; length < whole.length; length++) {
      refused(Arrays.copyOf(whole, length), TRUNCATED, "PNG ends at byte " + length);
    }
  }

  @Test
  void refusesAJpegWhoseDataBreaksOffBeforeItsEndMarker() {
    byte[] cut = jpeg(noise(64, 64, 4));
    byte[] ended = Arrays.copyOf(cut, cut.length / 2 + 2);
    ended[ended.length - 2] = (byte) 0xFF;
    ended[ended.length - 1] = (byte) 0xD9;

    refused(ended, TRUNCATED, "JPEG data breaks off");
  }

  @Test
  void acceptsAPictureThatIsGreyAtItsEnd() {
    var grey = noise(64, 64, 5);
    for (int y = 32; y < 64; y++) {
      for (int x = 0; x < 64; x++) {
        grey.setRGB(x, y, 0x808080);
      }
    }

    assertThat(decoder.decode(jpeg(grey))).isInstanceOf(Decoded.class);
  }

  @Test
  void refusesAPngWithAFlippedBit() {
    byte[] file = png(noise(40, 40, 6));
    file[file.length / 2] ^= 4;

    refused(file, DAMAGED, "IDAT");
  }

  @Test
  void refusesAPngWithoutPixels() {
    refused(pngClaiming(50, 50), DAMAGED, "without pixel data");
  }

  @Test
  void refusesKindsOfJpegThatNothingHereReads() {
    byte[] lossless = jpegClaiming(50, 50);
    lossless[3] = (byte) 0xC3;
    refused(lossless, UNSUPPORTED_FORMAT, "lossless JPEG");
    byte[] arithmetic = jpegClaiming(50, 50);
    arithmetic[3] = (byte) 0xC9;
    refused(arithmetic, UNSUPPORTED_FORMAT, "arithmetic-coded JPEG");
    byte[] deep = jpegClaiming(50, 50);
    deep[6] = 12;
    refused(deep, UNSUPPORTED_FORMAT, "12-bit JPEG");
  }

  @Test
  void hasAnAnswerForAnyBytes() {
    Random random = new Random(11);
    byte[][] sources = {jpeg(noise(48, 48, 7)), png(noise(48, 48, 8))};
    int accepted = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] file = sources[i % 2].clone();
      for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
        file[random.nextInt(file.length)] = (byte) random.nextInt();
      }
      accepted += decoder.decode(file) instanceof Decoded ? 1 : 0;
    }
    assertThat(accepted).isBetween(1, 1_500);
  }

  private void refused(byte[] file, RejectionReason reason, String detail) {
    DecodeResult result = decoder.decode(file);
    assertThat(result).isInstanceOf(Refused.class);
    assertThat(((Refused) result).detail()).contains(detail);
    assertThat(((Refused) result).reason()).isEqualTo(reason);
  }

  /** Start, a frame header and the end marker. */
  private static byte[] jpegClaiming(int width, int height) {
    int[] bytes = {
      0xFF,
      0xD8,
      0xFF,
      0xC0,
      0,
      11,
      8,
      height >> 8,
      height & 0xFF,
      width >> 8,
      width & 0xFF,
      1,
      1,
      0x11,
      0,
      0xFF,
      0xD9
    };
    byte[] file = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      file[i] = (byte) bytes[i];
    }
    return file;
  }
}
