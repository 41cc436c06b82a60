/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_UNCHANGED;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_WEBP_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;

import java.awt.image.BufferedImage;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.Pictures;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.file.ImageLimits;

/** A lossless WebP says itself whether it is transparent, whatever a header before it announces. */
class WebpAlphaTest {
  private static final int SIDE = 16;

  /** Where the bit is, in a simple file: behind the sizes, which take 28 bits. */
  private static final int SIZES_END = 12 + 8 + 4;

  private static final int ALPHA_BIT = 0x10;
  private static final int ALPHA_FLAG = 16;

  private final ImageDecoder onBlue =
      new ImageDecoder(new ImageLimits(1 << 20, 1 << 20, 8), new Background(0, 0, 255), SIDE);

  @Test
  void aSimpleLosslessFileLiesOnTheBackground() {
    byte[] file = lossless();

    assertThat(new String(file, 12, 4, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("VP8L");
    assertThat(pixels(file)).startsWith(51, 0, 204);
  }

  @Test
  void theHeaderOfAnExtendedFileDoesNotDenyIt() {
    assertThat(pixels(WebpFiles.extended(lossless(), SIDE, 0))).startsWith(51, 0, 204);
    assertThat(pixels(WebpFiles.extended(lossless(), SIDE, ALPHA_FLAG))).startsWith(51, 0, 204);
  }

  @Test
  void theHeaderOfAnExtendedFileDoesNotClaimItEither() {
    byte[] opaque = lossless();
    opaque[SIZES_END] &= ~ALPHA_BIT;

    assertThat(pixels(opaque)).startsWith(255, 0, 0);
    assertThat(pixels(WebpFiles.extended(opaque, SIDE, ALPHA_FLAG))).startsWith(255, 0, 0);
  }

  @Test
  void lossyAlphaLiesOnTheBackground() {
    byte[] pixels = pixels(encoded(70));

    assertThat(Byte.toUnsignedInt(pixels[0])).isBetween(45, 57);
    assertThat(Byte.toUnsignedInt(pixels[2])).isBetween(198, 210);
  }

  private static byte[] lossless() {
    return encoded(101);
  }

  /** Red, of which a fifth is seen. */
  private static byte[] encoded(int quality) {
    BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
    for (int i = 0; i < SIDE * SIDE; i++) {
      picture.setRGB(i % SIDE, i / SIDE, 0x33FF0000);
    }
    try (Mat decoded = imdecode(new Mat(Pictures.png(picture)), IMREAD_UNCHANGED);
        BytePointer encoded = new BytePointer();
        IntPointer settings = new IntPointer(IMWRITE_WEBP_QUALITY, quality)) {
      imencode(".webp", decoded, encoded, settings);
      byte[] bytes = new byte[(int) encoded.limit()];
      encoded.get(bytes);
      return bytes;
    }
  }

  private byte[] pixels(byte[] file) {
    DecodeResult result = onBlue.decode(file);
    assertThat(result).isInstanceOf(Decoded.class);
    return ((Decoded) result).image().pixels();
  }
}
