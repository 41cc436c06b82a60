/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Pictures.chunk;
import static org.splitmask.prep.Pictures.concat;
import static org.splitmask.prep.Pictures.insert;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.png;
import static org.splitmask.prep.Pictures.quarters;
import static org.splitmask.prep.Pictures.tiff;
import static org.splitmask.prep.Pictures.withChunk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.DeflaterOutputStream;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.file.ImageLimits;

/** Where files keep their orientation, and how they write it: all as Pillow 13 reads it. */
class ExifPlacesTest {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 21, 1 << 20, 8);
  private static final int SIZE = 16;
  private static final byte[] NAME = bytes("Exif\0\0");
  private static final byte[] QUARTER_TURN = tiff(6);
  private static final byte[] HALF_TURN = tiff(3);
  private static final String EXIF_TEXT = "Raw profile type exif\0";

  // The quarters of the stored picture are RGBW; these are seen after a turn.
  private static final String UPRIGHT = "RGBW";
  private static final String TURNED = "BRWG";
  private static final String UPSIDE_DOWN = "WBGR";

  private final ImageDecoder decoder = new ImageDecoder(LIMITS, Background.WHITE, SIZE);

  @Test
  void theFirstSegmentOfAJpegWithAHeaderCounts() {
    assertThat(jpegSeen(QUARTER_TURN, HALF_TURN)).isEqualTo(TURNED);
    assertThat(jpegSeen(bytes("no header at all"), QUARTER_TURN)).isEqualTo(TURNED);
    assertThat(jpegSeen(new byte[0], QUARTER_TURN)).isEqualTo(TURNED);
    assertThat(jpegSeen(tiffOf(ByteOrder.BIG_ENDIAN, 3, 1, 0), QUARTER_TURN)).isEqualTo(UPRIGHT);
  }

  @Test
  void whatFollowsInFurtherSegmentsBelongsToTheFirst() {
    for (int cut = 8; cut < QUARTER_TURN.length; cut++) {
      byte[] front = Arrays.copyOf(QUARTER_TURN, cut);
      byte[] back = Arrays.copyOfRange(QUARTER_TURN, cut, QUARTER_TURN.length);
      assertThat(jpegSeen(front, back)).as("cut at byte %d", cut).isEqualTo(TURNED);
    }
  }

  @Test
  void aSegmentOfXmpBetweenThemIsNoPart() {
    byte[] front = concat(NAME, Arrays.copyOf(QUARTER_TURN, 12));
    byte[] back = concat(NAME, Arrays.copyOfRange(QUARTER_TURN, 12, QUARTER_TURN.length));
    byte[] xmp = bytes("http://ns.adobe.com/xap/1.0/\0<x/>");

    assertThat(seen(withSegments(front, xmp, back))).isEqualTo(TURNED);
  }

  @ParameterizedTest
  @CsvSource({
    "3,TURNED",
    "8,TURNED",
    "4,TURNED",
    "9,TURNED",
    "13,TURNED",
    "6,TURNED", // whole numbers
    "1,UPRIGHT",
    "7,UPRIGHT",
    "2,UPRIGHT" // bytes and letters
  })
  void anyWholeNumberIsAnOrientationButBytesAreNone(int type, String expected) {
    String seen = expected.equals("TURNED") ? TURNED : UPRIGHT;
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      byte[] exif = tiffOf(order, type, 1, 6);
      assertThat(jpegSeen(exif)).as("JPEG, %s", order).isEqualTo(seen);
      assertThat(seen(withChunk(upright(), "eXIf", exif))).as("PNG, %s", order).isEqualTo(seen);
      assertThat(seen(webp(8, exif))).as("WebP, %s", order).isEqualTo(seen);
    }
  }

  @Test
  void theFirstOfSeveralNumbersCountsAndNoneIsNoOrientation() {
    assertThat(jpegSeen(tiffOf(ByteOrder.LITTLE_ENDIAN, 3, 2, 6))).isEqualTo(TURNED);
    assertThat(jpegSeen(tiffOf(ByteOrder.LITTLE_ENDIAN, 3, 0, 6))).isEqualTo(UPRIGHT);
    assertThat(jpegSeen(tiffOf(ByteOrder.LITTLE_ENDIAN, 3, 1, 9))).isEqualTo(UPRIGHT);
    // Nine do not fit into the entry: what stands there is where they are, in the header.
    assertThat(jpegSeen(tiffOf(ByteOrder.LITTLE_ENDIAN, 3, 9, 6))).isEqualTo(UPRIGHT);
  }

  @Test
  void pngHasItBeforeOrBehindThePixelsAndUnderTheNameOfTheSegment() {
    byte[] named = concat(NAME, QUARTER_TURN);
    assertThat(seen(withChunk(upright(), "eXIf", named))).isEqualTo(TURNED);
    assertThat(seen(atEnd(upright(), "eXIf", QUARTER_TURN))).isEqualTo(TURNED);
    assertThat(seen(atEnd(upright(), "eXIf", concat(NAME, named)))).isEqualTo(TURNED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"tEXt", "zTXt", "iTXt", "iTXt compressed"})
  void pngHasItInTheTextThatImageMagickWrites(String kind) {
    byte[] content = text(kind, rawProfile("exif", concat(NAME, QUARTER_TURN)));
    String type = kind.substring(0, 4);

    assertThat(seen(withChunk(upright(), type, content))).isEqualTo(TURNED);
    assertThat(seen(atEnd(upright(), type, content))).isEqualTo(TURNED);
  }

  @Test
  void theTextMayBeOfAnyCaseOfAnyLineLengthAndWithoutTheName() {
    byte[] named = concat(NAME, QUARTER_TURN);
    String upper = rawProfile("exif", named).toUpperCase(java.util.Locale.ROOT);
    String windows = rawProfile("exif", named).replace("\n", "\r\n");
    String oneLine = "\nexif\n 32\n" + HexFormat.of().formatHex(named);
    String unnamed = rawProfile("generic profile", QUARTER_TURN);

    for (String text : new String[] {upper, windows, oneLine, unnamed}) {
      assertThat(seen(withChunk(upright(), "tEXt", text("tEXt", text)))).as(text).isEqualTo(TURNED);
    }
  }

  @Test
  void theChunkGoesBeforeTheText() {
    byte[] text = text("tEXt", rawProfile("exif", QUARTER_TURN));
    byte[] both = atEnd(withChunk(upright(), "tEXt", text), "eXIf", HALF_TURN);

    assertThat(seen(both)).isEqualTo(UPSIDE_DOWN);
  }

  @Test
  void otherAndBrokenTextsTurnNothing() {
    String hex = rawProfile("exif", concat(NAME, QUARTER_TURN));
    byte[] app1 = bytes("Raw profile type APP1\0" + hex); // as Pillow, which does not read it
    byte[] broken = bytes(EXIF_TEXT + hex.replace("4d4d", "zzzz"));

    assertThat(seen(withChunk(upright(), "tEXt", app1))).isEqualTo(UPRIGHT);
    assertThat(seen(withChunk(upright(), "tEXt", broken))).isEqualTo(UPRIGHT);
    assertThat(seen(withChunk(upright(), "tEXt", bytes(EXIF_TEXT)))).isEqualTo(UPRIGHT);
    assertThat(seen(withChunk(upright(), "zTXt", bytes(EXIF_TEXT)))).isEqualTo(UPRIGHT);
    assertThat(seen(withChunk(upright(), "iTXt", bytes(EXIF_TEXT)))).isEqualTo(UPRIGHT);
    assertThat(seen(withChunk(upright(), "zTXt", bytes(EXIF_TEXT + "\0no zlib"))))
        .isEqualTo(UPRIGHT);
  }

  @Test
  void aBombInATextIsNoOrientation() {
    byte[] zeros = new byte[1 << 25];
    byte[] bomb = concat(bytes(EXIF_TEXT + "\0"), deflated(zeros));

    assertThat(seen(withChunk(upright(), "zTXt", bomb))).isEqualTo(UPRIGHT);
  }

  @Test
  void webpHasItWithAndWithoutTheNameOfTheSegment() {
    assertThat(seen(webp(8, QUARTER_TURN))).isEqualTo(TURNED);
    assertThat(seen(webp(8, concat(NAME, QUARTER_TURN)))).isEqualTo(TURNED);
    assertThat(seen(webp(8, QUARTER_TURN, HALF_TURN))).isEqualTo(TURNED);
  }

  @Test
  void webpWhoseHeaderDoesNotAnnounceItHasNone() {
    assertThat(seen(webp(0, QUARTER_TURN))).isEqualTo(UPRIGHT);
  }

  /** A TIFF of nothing but the orientation, its number of any type. */
  private static byte[] tiffOf(ByteOrder order, int type, int count, int value) {
    ByteBuffer tiff = ByteBuffer.allocate(8 + 2 + 12 + 4).order(order);
    byte mark = (byte) (order == ByteOrder.BIG_ENDIAN ? 'M' : 'I');
    tiff.put(mark).put(mark).putShort((short) 42).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x0112).putShort((short) type).putInt(count);
    switch (type) {
      case 3, 8 -> tiff.putShort((short) value);
      case 4, 9, 13 -> tiff.putInt(value);
      default -> tiff.put((byte) value);
    }
    return tiff.array();
  }

  private String jpegSeen(byte[]... exif) {
    byte[][] segments = new byte[exif.length][];
    for (int i = 0; i < exif.length; i++) {
      segments[i] = concat(NAME, exif[i]);
    }
    return seen(withSegments(segments));
  }

  private static byte[] withSegments(byte[]... contents) {
    byte[] all = new byte[0];
    for (byte[] content : contents) {
      ByteBuffer head = ByteBuffer.allocate(4).putShort((short) 0xFFE1);
      all = concat(all, concat(head.putShort((short) (2 + content.length)).array(), content));
    }
    return insert(jpeg(quarters(64, 64)), 2, all);
  }

  private static byte[] upright() {
    return png(quarters(64, 64));
  }

  private static byte[] atEnd(byte[] png, String type, byte[] content) {
    return insert(png, png.length - 12, chunk(type, content));
  }

  /** The chunk's content: keyword, what the kind has before its text, the text. */
  private static byte[] text(String kind, String text) {
    byte[] plain = bytes(text);
    return switch (kind) {
      case "zTXt" -> concat(bytes(EXIF_TEXT + "\0"), deflated(plain));
      case "iTXt" -> concat(bytes(EXIF_TEXT + "\0\0en\0exif\0"), plain);
      case "iTXt compressed" -> concat(bytes(EXIF_TEXT + "\1\0\0\0"), deflated(plain));
      default -> concat(bytes(EXIF_TEXT), plain);
    };
  }

  private static String rawProfile(String name, byte[] content) {
    String digits = HexFormat.of().formatHex(content).replaceAll("(.{72})", "$1\n");
    return String.format("\n%s\n%8d\n%s\n", name, content.length, digits);
  }

  private static byte[] deflated(byte[] content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] webp(int flags, byte[]... exif) {
    byte[] simple =
        SamplePictures.openCv(
            quarters(64, 64), ".webp", opencv_imgcodecs.IMWRITE_WEBP_QUALITY, 101);
    return WebpFiles.extended(simple, 64, flags, exif);
  }

  private String seen(byte[] file) {
    DecodeResult result = decoder.decode(file);
    assertThat(result).isInstanceOf(Decoded.class);
    byte[] pixels = ((Decoded) result).image().pixels();
    StringBuilder seen = new StringBuilder();
    for (int[] at : new int[][] {{3, 3}, {12, 3}, {3, 12}, {12, 12}}) {
      int place = (at[1] * SIZE + at[0]) * 3;
      boolean red = pixels[place] < 0;
      boolean green = pixels[place + 1] < 0;
      seen.append(red && green ? 'W' : red ? 'R' : green ? 'G' : 'B');
    }
    return seen.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
