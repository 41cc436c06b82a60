/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Pictures.insert;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.file.RejectionReason;

/** The walk through entropy-coded data, against libjpeg as the JDK has it. */
class DamagedJpegTest {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 1 << 20, 8);
  private static final int SIZE = 32;

  private final ImageDecoder strict = new ImageDecoder(LIMITS, Background.WHITE, SIZE);
  private final ImageDecoder lenient =
      new ImageDecoder(
          LIMITS, Background.WHITE, DamagedImages.ACCEPT, ImageDecoder.DEFAULT_TIME, SIZE);

  @Property(tries = 400, seed = "20261123")
  void whateverLibjpegWarnsOfIsRefused(
      @ForAll("jpegs") String sample,
      @ForAll @DoubleRange(min = 0, max = 0.99) double place,
      @ForAll @IntRange(min = 0, max = 255) int value) {
    byte[] file = SamplePictures.all().get(sample).clone();
    int data = dataOf(file);
    file[data + (int) (place * (file.length - data))] = (byte) value;

    boolean warned = warnings(file).stream().anyMatch(DamagedJpegTest::isOfMissingData);
    if (warned) {
      assertThat(strict.decode(file)).isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"baseline.jpg", "progressive.jpg", "restarts.jpg"})
  void aPictureThatBreaksOffIsRefusedWhereverItDoes(String sample) {
    byte[] whole = SamplePictures.all().get(sample);
    for (int length = dataOf(whole); length < whole.length - 4; length++) {
      byte[] ended = Arrays.copyOf(whole, length + 2);
      ended[length] = (byte) 0xFF;
      ended[length + 1] = (byte) 0xD9;
      // In a progressive file a break between two scans only leaves out details.
      if (whole[length] != (byte) 0xFF && !sample.startsWith("progressive")) {
        assertThat(strict.decode(ended))
            .as("%s of %d bytes", sample, length)
            .isInstanceOf(Refused.class);
      }
    }
    assertThat(strict.decode(whole)).isInstanceOf(Decoded.class);
  }

  @Test
  void aMissingRestartMarkerIsDamage() {
    byte[] file =
        SamplePictures.openCv(
            noise(64, 64, 2), ".jpg", opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 1);
    int marker = 0;
    for (int i = dataOf(file); i + 1 < file.length && marker == 0; i++) {
      marker = file[i] == (byte) 0xFF && file[i + 1] == (byte) 0xD1 ? i : 0;
    }
    assertThat(marker).isPositive();
    file[marker + 1] = (byte) 0xD4;

    Refused refused = (Refused) strict.decode(file);

    assertThat(refused.detail())
        .isEqualTo("JPEG has marker FFD4 in place of FFD1 at byte " + marker);
    assertThat(refused.reason()).isEqualTo(RejectionReason.DAMAGED);
  }

  @Test
  void paddingBehindTheDataIsNoDamageButDataIs() {
    byte[] file = jpeg(noise(48, 48, 3));
    byte[] padded = insert(file, file.length - 2, new byte[20]);
    byte[] surplus = insert(file, file.length - 2, new byte[] {1, 2, 3, 4, 5, 6, 7});

    assertThat(strict.decode(padded)).isInstanceOf(Decoded.class);
    assertThat(((Refused) strict.decode(surplus)).detail()).contains("bytes too many");
  }

  @Test
  void strayBytesBetweenSegmentsAreNoDamage() {
    byte[] jpeg = jpeg(noise(48, 48, 3));
    byte[] file = insert(jpeg, 4 + length(jpeg, 2), new byte[] {0, 7, 0});

    assertThat(strict.decode(file)).isInstanceOf(Decoded.class);
  }

  @Test
  void aScanThatNamesAMissingTableIsDamage() {
    byte[] file = jpeg(noise(48, 48, 3));
    int selectors = dataOf(file) - 3 - 2 * 3; // of three colours, before the band
    file[selectors + 1] = 0x33;

    assertThat(((Refused) strict.decode(file)).detail())
        .isEqualTo("JPEG scan asks for DC Huffman table 3, which is not defined");
  }

  @Test
  void acceptedDamageEndsInGreyAndIsAlwaysTheSame() {
    byte[] whole = jpeg(noise(64, 64, 4));
    byte[] cut = Arrays.copyOf(whole, (dataOf(whole) + whole.length) / 2);

    byte[] first = ((Decoded) lenient.decode(cut)).image().pixels();
    lenient.decode(jpeg(noise(64, 64, 5)));
    byte[] second = ((Decoded) lenient.decode(cut)).image().pixels();

    assertThat(second).isEqualTo(first);
    for (int i = first.length - SIZE; i < first.length; i++) {
      // The mean of the last block before the gap may be carried on.
      assertThat(first[i]).isEqualTo(first[i - 3]);
    }
    assertThat(strict.decode(cut)).isInstanceOf(Refused.class);
  }

  @Provide
  Arbitrary<String> jpegs() {
    return Arbitraries.of("baseline.jpg", "progressive.jpg", "restarts.jpg");
  }

  private static boolean isOfMissingData(String warning) {
    return warning.contains("premature end")
        || warning.contains("bad Huffman code")
        || warning.contains("instead of RST")
        || warning.contains("Missing EOI");
  }

  /** Where the first scan's data begins. */
  private static int dataOf(byte[] jpeg) {
    int at = 2;
    while (jpeg[at + 1] != (byte) 0xDA) {
      at += 2 + length(jpeg, at);
    }
    return at + 2 + length(jpeg, at);
  }

  private static int length(byte[] jpeg, int marker) {
    return Byte.toUnsignedInt(jpeg[marker + 2]) << 8 | Byte.toUnsignedInt(jpeg[marker + 3]);
  }

  private static List<String> warnings(byte[] file) {
    List<String> warnings = new ArrayList<>();
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(stream, true, true);
      reader.addIIOReadWarningListener((source, text) -> warnings.add(text));
      reader.readRaster(0, null);
    } catch (IOException | RuntimeException e) {
      return warnings; // refused outright, which is no warning
    } finally {
      reader.dispose();
    }
    return warnings;
  }
}
