/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Pictures.concat;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;
import static org.splitmask.prep.Pictures.png;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.file.RejectionReason;

/** Every rejected row says what the file is, and what to do about it where that is known. */
class SignaturesTest {
  private static final String PAGE = "HTML page, as servers send instead of a picture";
  private static final String POINTER =
      "Git LFS pointer, not the picture itself, which `git lfs pull` brings";
  private static final String UNPACK =
      ": archives inside of archives, or under another name, are not opened; unpack it first";

  private final ImageDecoder decoder =
      new ImageDecoder(new ImageLimits(1 << 16, 10_000, 8), Background.WHITE, 32);

  static Stream<Arguments> otherFiles() {
    return Stream.of(
        Arguments.of("8BPS", "Photoshop"),
        Arguments.of("qoif", "QOI"),
        Arguments.of("P6 8 8 255", "PPM or one of its family"),
        Arguments.of("icns", "ICNS"),
        Arguments.of("\0\0\1\0\1", "ICO"),
        Arguments.of("\0\0\0\fJXL \r\n\u0087\n", "JPEG XL"),
        Arguments.of("\u00FF\n\u00FA", "JPEG XL"),
        Arguments.of("\0\0\0\fjP  \r\n", "JPEG 2000"),
        Arguments.of(
            "\u00FF\u00D8\u00AF\u00E0",
            "a file that begins with the two bytes of a JPEG but is no JPEG"),
        Arguments.of("IIRO\b\0\0\0", "camera raw (ORF)"),
        Arguments.of("IIU\0\u0018\0\0\0", "camera raw (RW2)"),
        Arguments.of("FUJIFILMCCD-RAW 0201", "camera raw (RAF)"),
        Arguments.of("v/1\1\2", "OpenEXR"),
        Arguments.of("%PDF-1.7", "PDF"),
        Arguments.of("%!PS-Adobe", "PostScript"),
        Arguments.of("PAR1\u0015\4", "Parquet"),
        Arguments.of("\u0093NUMPY\1\0", "NumPy array"),
        Arguments.of("\u0089HDF\r\n\u001A\n", "HDF5"),
        Arguments.of("\u0080\4\u0095", "Python pickle"),
        Arguments.of("SQLite format 3\0", "SQLite database"),
        Arguments.of(
            "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1",
            "OLE file, as Thumbs.db and old Office documents are"),
        Arguments.of("\0\0\0\1Bud1\0", "notes of macOS about a folder (.DS_Store)"),
        Arguments.of("\0\5\u0016\7\0\2\0\0", "notes of macOS about a file (AppleDouble)"),
        Arguments.of("MZ\u0090\0\3", "program of Windows"),
        Arguments.of("\u007FELF\2\1\1", "program of Linux (ELF)"),
        Arguments.of("ID3\4\0", "MP3"),
        Arguments.of("\u00FF\u00FB\u0090", "MP3"),
        Arguments.of("OggS\0\2", "Ogg"),
        Arguments.of("RIFF....WAVEfmt", "WAV"),
        Arguments.of("RIFF....AVI LIST", "AVI film"),
        Arguments.of("RIFF....QLCM", "RIFF file"),
        Arguments.of("\u001AE\u00DF\u00A3\1", "Matroska or WebM film"),
        Arguments.of("\0\0\1\u00BA!", "MPEG film"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("otherFiles")
  void namesWhatIsNoPictureThatIsRead(String start, String name) {
    refused(bytes(start), name);
  }

  static Stream<Arguments> archives() {
    return Stream.of(
        Arguments.of("PK\3\4", "ZIP archive"),
        Arguments.of("\u001F\u008B\b", "gzip"),
        Arguments.of("BZh91AY&SY\u00FF\0", "bzip2"),
        Arguments.of("\u00FD7zXZ\0", "xz"),
        Arguments.of("(\u00B5/\u00FD\4", "Zstandard"),
        Arguments.of("7z\u00BC\u00AF'\u001C\0", "7-Zip archive"),
        Arguments.of("Rar!\u001A\7\1\0", "RAR archive"),
        Arguments.of("MSCF\0", "CAB archive"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("archives")
  void saysOfAnArchiveThatItHasToBeUnpacked(String start, String name) {
    refused(bytes(start), name + UNPACK);
  }

  @Test
  void knowsATarByItsMiddle() {
    byte[] tar = new byte[1024];
    System.arraycopy(bytes("cat/1.jpg"), 0, tar, 0, 9);
    System.arraycopy(bytes("ustar\00000"), 0, tar, 257, 8);

    refused(tar, "tar archive" + UNPACK);
  }

  static Stream<Arguments> brands() {
    return Stream.of(
        Arguments.of("avif", "AVIF"),
        Arguments.of("avis", "AVIF"),
        Arguments.of("heic", "HEIC"),
        Arguments.of("heix", "HEIC"),
        Arguments.of("mif1", "HEIF"),
        Arguments.of("mif1....miafavif", "AVIF"),
        Arguments.of("msf1....hevcmsf1", "HEIC"),
        Arguments.of("crx ", "camera raw (CR3)"),
        Arguments.of("mp42", "MP4 film"),
        Arguments.of("isom....iso2avc1", "MP4 film"),
        Arguments.of("3gp4", "MP4 film"),
        Arguments.of("M4A ", "MPEG-4 sound"),
        Arguments.of("qt  ", "QuickTime film"),
        Arguments.of("jxl ", "JPEG XL"),
        Arguments.of("abcd", "film or picture of the brand abcd"),
        Arguments.of("", "film or picture"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("brands")
  void tellsFilmsAndPicturesApartByTheirBrand(String brands, String name) {
    byte[] box = bytes("\0\0\0 ftyp" + brands);

    refused(Arrays.copyOf(box, 60), name);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("<!DOCTYPE html><html>404", PAGE),
        Arguments.of("\n\t <html lang=\"en\">", PAGE),
        Arguments.of("<!-- cache -->\n<!doctype HTML PUBLIC>", PAGE),
        Arguments.of("<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\">\n<html>", PAGE),
        Arguments.of("<head><title>403</title>", PAGE),
        Arguments.of("\n<svg xmlns=\"x\"/>", "SVG"),
        Arguments.of("<?xml version=\"1.0\"?><!-- by hand --><svg width=\"1\">", "SVG"),
        Arguments.of(
            "<?xml version=\"1.0\"?><!DOCTYPE svg PUBLIC \"x\" [<!ENTITY a \"b\">]><svg>", "SVG"),
        Arguments.of("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", "XML"),
        Arguments.of("<annotation><folder>", "XML"),
        Arguments.of("{\"error\": 1}", "JSON"),
        Arguments.of("{}", "JSON"),
        Arguments.of("\r\n[{\"a\":1}]", "JSON"),
        Arguments.of("[1, 2]", "JSON"),
        Arguments.of("hello world", "plain text"),
        Arguments.of("0 .5 .5 .2 .2", "plain text"),
        Arguments.of("{not json", "plain text"),
        Arguments.of("MZ and BM are letters", "plain text"),
        Arguments.of(
            "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", POINTER));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("texts")
  void namesTextsInAnyUnicode(String text, String name) {
    refused(text.getBytes(UTF_8), name);
    refused(("\uFEFF" + text).getBytes(UTF_8), name);
    refused(("\uFEFF" + text).getBytes(UTF_16LE), name);
    refused(("\uFEFF" + text).getBytes(UTF_16BE), name);
  }

  @Test
  void namesPagesInAnOlderCharset() {
    refused("<html><p>Seite wurde nicht gefunden, Schl\u00FCssel".getBytes(ISO_8859_1), PAGE);
  }

  @Test
  void aTextMayBeLongAndFullOfBlanksAndComments() {
    refused(" ".repeat(30_000).getBytes(UTF_8), "nothing but blanks");
    refused((" \n".repeat(1_000) + "<html>").getBytes(UTF_8), PAGE);
    refused(("<!---->".repeat(200) + "<svg>").getBytes(UTF_8), "SVG");
    refused(("\u00FC".repeat(5_000)).getBytes(UTF_8), "plain text");
  }

  @Test
  void aPictureBehindBlanksIsToldSo() {
    byte[] jpeg = jpeg(noise(16, 16, 1));

    refused(concat(bytes("\r\n"), jpeg), "2 blanks before a JPEG, and no decoder skips them");
    refused(concat(bytes(" "), png(noise(16, 16, 1))), "1 blanks before a PNG");
  }

  @Test
  void doesNotGuess() {
    refused(new byte[5_000], "nothing but zeros, 5000 bytes of them");
    refused(bytes("\1\2\3\4\5\6\7\b"), "unknown content");
    refused(bytes("\u00DD"), "unknown content");
  }

  private void refused(byte[] file, String detail) {
    DecodeResult result = decoder.decode(file);
    assertThat(result).isInstanceOf(Refused.class);
    assertThat(((Refused) result).detail())
        .startsWith(detail)
        .endsWith("; JPEG, PNG, WebP, BMP, GIF and TIFF are read");
    assertThat(((Refused) result).reason()).isEqualTo(RejectionReason.UNSUPPORTED_FORMAT);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
