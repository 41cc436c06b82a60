/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Set;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.Pictures;
import org.splitmask.prep.image.Background;
import org.splitmask.prep.image.DecodeResult;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.SamplePictures;
import org.splitmask.prep.image.file.ImageLimits;

/** JPEGs that leave out the Huffman tables they were made with: the standard's own. */
class StandardTablesTest {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 1 << 20, 8);
  private static final int DHT = 0xC4;
  private static final int SOS = 0xDA;
  private static final byte[] EMPTY_TABLES = {(byte) 0xFF, (byte) DHT, 0, 2};

  private final ImageDecoder decoder = new ImageDecoder(LIMITS, Background.WHITE, 32);

  @Test
  void showTheSamePictureAsWithThem() {
    BufferedImage grey = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    grey.createGraphics().drawImage(noise(64, 64, 4), 0, 0, null);
    byte[] restarts =
        SamplePictures.openCv(
            noise(64, 64, 2), ".jpg", opencv_imgcodecs.IMWRITE_JPEG_RST_INTERVAL, 2);
    byte[] reduced = jpeg(noise(160, 128, 3));

    for (byte[] whole : new byte[][] {jpeg(noise(61, 47, 1)), jpeg(grey), restarts, reduced}) {
      byte[] bare = keeping(whole, Set.of());

      assertThat(bare.length).isLessThan(whole.length - 20);
      assertThat(pixels(bare)).isEqualTo(pixels(whole));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "16", "17", "0 16", "1 17", "0 1", "16 17", "0 1 16"})
  void showTheSamePictureWithSomeOfThem(String kept) {
    byte[] whole = jpeg(noise(64, 64, 5));
    Set<Integer> tables = Set.copyOf(Arrays.stream(kept.split(" ")).map(Integer::valueOf).toList());

    assertThat(pixels(keeping(whole, tables))).isEqualTo(pixels(whole));
  }

  @Test
  void aSegmentWithoutTablesIsNoDamage() {
    byte[] whole = jpeg(noise(64, 64, 6));
    byte[] bare = keeping(whole, Set.of());

    assertThat(pixels(Pictures.insert(whole, scanOf(whole), EMPTY_TABLES)))
        .isEqualTo(pixels(whole));
    assertThat(pixels(Pictures.insert(bare, scanOf(bare), EMPTY_TABLES))).isEqualTo(pixels(whole));
  }

  @Test
  void damageIsFoundAllTheSame() {
    byte[] bare = keeping(jpeg(noise(64, 64, 7)), Set.of());
    byte[] cut = Arrays.copyOf(bare, (scanOf(bare) + bare.length) / 2);

    assertThat(decoder.decode(cut)).isInstanceOf(Refused.class);
  }

  @Test
  void aProgressivePictureHasNoStandardTables() {
    byte[] bare = keeping(SamplePictures.progressiveJpeg(noise(64, 64, 8)), Set.of());

    DecodeResult result = decoder.decode(bare);

    assertThat(result).isInstanceOf(Refused.class);
    assertThat(((Refused) result).detail())
        .isEqualTo("JPEG scan asks for DC Huffman table 0, which is not defined");
  }

  /** The file with these Huffman tables alone, by the byte that begins each. */
  private static byte[] keeping(byte[] jpeg, Set<Integer> tables) {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    kept.write(jpeg, 0, 2);
    int at = 2;
    while (marker(jpeg, at) != SOS) {
      int end = at + 2 + length(jpeg, at);
      if (marker(jpeg, at) != DHT) {
        kept.write(jpeg, at, end - at);
      }
      for (int table = at + 4; marker(jpeg, at) == DHT && table < end; ) {
        int bytes = 17 + HuffmanTable.symbolCount(jpeg, table + 1);
        if (tables.contains((int) jpeg[table])) {
          kept.writeBytes(new byte[] {(byte) 0xFF, (byte) DHT, 0, (byte) (2 + bytes)});
          kept.write(jpeg, table, bytes);
        }
        table += bytes;
      }
      at = end;
    }
    kept.write(jpeg, at, jpeg.length - at);
    return kept.toByteArray();
  }

  private static int scanOf(byte[] jpeg) {
    int at = 2;
    while (marker(jpeg, at) != SOS) {
      at += 2 + length(jpeg, at);
    }
    return at;
  }

  private static int marker(byte[] jpeg, int at) {
    return Byte.toUnsignedInt(jpeg[at + 1]);
  }

  private static int length(byte[] jpeg, int at) {
    return Byte.toUnsignedInt(jpeg[at + 2]) << 8 | Byte.toUnsignedInt(jpeg[at + 3]);
  }

  private byte[] pixels(byte[] file) {
    DecodeResult result = decoder.decode(file);
    assertThat(result).isInstanceOf(Decoded.class);
    return ((Decoded) result).image().pixels();
  }
}
