/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Pictures.insert;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;
import static org.splitmask.prep.Pictures.png;
import static org.splitmask.prep.Pictures.quarters;
import static org.splitmask.prep.Pictures.tiff;
import static org.splitmask.prep.Pictures.withChunk;
import static org.splitmask.prep.image.SamplePictures.gifOnScreen;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DeflaterOutputStream;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.IccProfile;
import org.splitmask.prep.image.file.ImageFormat;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.format.FileStructures;

/** All formats show the same picture. */
class FormatsTest {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 1 << 20, 8);
  private static final int SIZE = 32;
  private final ImageDecoder decoder = new ImageDecoder(LIMITS, Background.WHITE, SIZE);

  @ParameterizedTest
  @CsvSource({
    "baseline.jpg,JPEG,12",
    "progressive.jpg,JPEG,12",
    "restarts.jpg,JPEG,12",
    "plain.png,PNG,0",
    "lossy.webp,WEBP,12",
    "lossless.webp,WEBP,0",
    "plain.bmp,BMP,0",
    "runs.bmp,BMP,12",
    "plain.gif,GIF,0",
    "lzw.tif,TIFF,0",
    "plain.tif,TIFF,0",
    "packbits.tif,TIFF,0",
    "deflate.tif,TIFF,0",
    "jpeg.tif,TIFF,12"
  })
  void showTheSamePicture(String sample, ImageFormat format, double most) {
    byte[] expected = decode(SamplePictures.all().get("plain.png")).pixels();

    DecodedImage decoded = decode(SamplePictures.all().get(sample));

    assertThat(decoded.format()).isEqualTo(format);
    assertThat(decoded.originalWidth()).isEqualTo(SamplePictures.WIDTH);
    assertThat(decoded.originalHeight()).isEqualTo(SamplePictures.HEIGHT);
    assertThat(difference(decoded.pixels(), expected)).isLessThanOrEqualTo(most);
    assertThat(decoded.colourProfile()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "160,128,65,1", // 128 / 2 is less than twice 65
    "160,128,32,2",
    "160,128,16,4",
    "160,128,8,8",
    "158,128,16,1", // its margin of 15 pixels is no multiple of 2
    "158,128,8,2", // but 128 / 2 is eight times 8
    "128,160,32,2",
    "128,128,1,8"
  })
  void reducesLargeJpegs(int width, int height, int size, int reduction) throws Exception {
    FileStructure structure = FileStructures.of(jpeg(noise(width, height, 3)));
    structure.readHeader();

    assertThat(Codecs.reduction(structure.header(), size)).isEqualTo(reduction);
  }

  @Test
  void reducedPicturesLookLikeFullOnes() {
    BufferedImage large = noise(400, 304, 9);
    ImageDecoder small = new ImageDecoder(LIMITS, Background.WHITE, 16);

    byte[] reduced = ((Decoded) small.decode(jpeg(large))).image().pixels();
    byte[] full = ((Decoded) small.decode(png(large))).image().pixels();

    assertThat(difference(reduced, full)).isLessThan(5);
  }

  @Test
  void aGifFrameLiesWhereItBelongsOnItsScreen() {
    byte[] gif = gifOnScreen(quarters(16, 16), 32, 32);
    ImageDecoder onBlack = new ImageDecoder(LIMITS, new Background(0, 0, 0), SIZE);

    byte[] pixels = ((Decoded) onBlack.decode(gif)).image().pixels();

    assertThat(rgb(pixels, 2, 1)).isEqualTo(0);
    assertThat(rgb(pixels, 3, 2)).isEqualTo(0xFF0000);
    assertThat(rgb(pixels, 18, 17)).isEqualTo(0xFFFFFF);
    assertThat(rgb(pixels, 19, 18)).isEqualTo(0);
  }

  @Test
  void turnsWebpUprightAsItsExifSays() {
    byte[] webp =
        SamplePictures.openCv(
            quarters(32, 32), ".webp", opencv_imgcodecs.IMWRITE_WEBP_QUALITY, 101);

    byte[] pixels = decode(WebpFiles.extended(webp, 32, 8, tiff(6))).pixels();

    // A quarter turn clockwise: red, top left, comes to the top right.
    assertThat(rgb(pixels, 20, 10)).isEqualTo(0xFF0000);
    assertThat(rgb(pixels, 20, 20)).isEqualTo(0x00FF00);
  }

  @Test
  void namesTheColourProfile() throws IOException {
    byte[] linear = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    byte[] standard = ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData();
    byte[] jpeg = jpeg(quarters(32, 32));

    DecodedImage plain = decode(jpeg);
    DecodedImage withLinear = decode(withProfile(jpeg, linear));

    assertThat(plain.colourProfile()).isNull();
    assertThat(withLinear.colourProfile()).isEqualTo(IccProfile.description(linear)).isNotBlank();
    assertThat(withLinear.pixels()).as("colours are as stored").isEqualTo(plain.pixels());
    assertThat(decode(withProfile(jpeg, standard)).colourProfile()).isNull();
    assertThat(decode(withProfile(jpeg, new byte[300])).colourProfile()).isEqualTo("unnamed");
    assertThat(decode(withChunk(png(quarters(32, 32)), "iCCP", deflated(linear))).colourProfile())
        .isEqualTo(withLinear.colourProfile());
  }

  @Test
  void boundsAProfilesName() {
    byte[] profile =
        ByteBuffer.allocate(128 + 4 + 12 + 12 + 500)
            .putInt(128, 1)
            .putInt(132, 0x64657363)
            .putInt(136, 144)
            .putInt(144, 0x64657363)
            .putInt(152, 500)
            .array();
    Arrays.fill(profile, 156, 656, (byte) 'x');
    profile[160] = '\n';

    assertThat(IccProfile.description(profile)).hasSize(120).matches("x+");
  }

  private static byte[] withProfile(byte[] jpeg, byte[] profile) {
    byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer segment = ByteBuffer.allocate(4 + name.length + profile.length);
    segment.putShort((short) 0xFFE2).putShort((short) (2 + name.length + profile.length));
    return insert(jpeg, 2, segment.put(name).put(profile).array());
  }

  private static byte[] deflated(byte[] profile) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes("name\0\0".getBytes(StandardCharsets.ISO_8859_1));
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(content)) {
      deflater.write(profile);
    }
    return content.toByteArray();
  }

  private DecodedImage decode(byte[] file) {
    DecodeResult result = decoder.decode(file);
    assertThat(result).isInstanceOf(Decoded.class);
    return ((Decoded) result).image();
  }

  private static int rgb(byte[] pixels, int x, int y) {
    int at = (y * SIZE + x) * 3;
    return (pixels[at] & 0xFF) << 16 | (pixels[at + 1] & 0xFF) << 8 | (pixels[at + 2] & 0xFF);
  }

  private static double difference(byte[] one, byte[] other) {
    assertThat(one).hasSameSizeAs(other);
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs(Byte.toUnsignedInt(one[i]) - Byte.toUnsignedInt(other[i]));
    }
    return sum / one.length;
  }
}
