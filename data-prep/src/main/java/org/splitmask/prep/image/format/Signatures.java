/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.splitmask.prep.image.jpeg.JpegStructure;

/** Names common files that are not read, so that a rejected row says what it is. */
final class Signatures {
  private static final int LONGEST = 300;
  private static final Pattern NETPBM = Pattern.compile("P[1-7Ff]\\s");
  private static final Set<Integer> TARGA_KINDS = Set.of(1, 2, 3, 9, 10, 11);
  private static final Set<Integer> TARGA_BITS = Set.of(8, 15, 16, 24, 32);

  /** So short that a text may begin likewise. */
  private static final int WEAK = 3;

  /** What an archive's name is followed by: it may be full of pictures. */
  private static final String UNPACK =
      ": archives inside of archives, or under another name, are not opened; unpack it first";

  /**
   * What begins a file.
   *
   * @param at where these bytes are
   */
  private record Signature(int at, String bytes, String name) {
    boolean begins(String start) {
      return start.startsWith(bytes, at);
    }

    boolean isWeak() {
      return at == 0 && bytes.length() <= WEAK;
    }
  }

  private static final List<Signature> PICTURES =
      List.of(
          starts("GIF8", "GIF"),
          starts("II*\0", "TIFF"),
          starts("MM\0*", "TIFF"),
          starts("BM", "BMP"),
          starts("\u00FF\u00D8", "a file that begins with the two bytes of a JPEG but is no JPEG"),
          starts("8BPS", "Photoshop"),
          starts("DDS ", "DDS"),
          starts("qoif", "QOI"),
          starts("\0\0\1\0", "ICO"),
          starts("\0\0\0\fjP  ", "JPEG 2000"),
          starts("\u00FFO\u00FFQ", "JPEG 2000"),
          starts("\0\0\0\fJXL ", "JPEG XL"),
          starts("\u00FF\n", "JPEG XL"),
          starts("II\u00BC\1", "JPEG XR"),
          starts("\u0001\u00DA", "SGI"),
          starts("\n\5\1", "PCX"),
          starts("icns", "ICNS"),
          starts("BLP1", "BLP"),
          starts("BLP2", "BLP"),
          starts("gimp xcf", "XCF, a picture of GIMP"),
          starts("v/1\1", "OpenEXR"),
          starts("#?RADIANCE", "Radiance HDR"),
          starts("\u008AMNG", "MNG"),
          starts("\u008BJNG", "JNG"),
          starts("AT&TFORM", "DjVu"),
          starts("SIMPLE  =", "FITS"),
          starts("\u00D7\u00CD\u00C6\u009A", "WMF, drawing commands of Windows"),
          new Signature(40, " EMF", "EMF, drawing commands of Windows"),
          new Signature(128, "DICM", "DICOM"),
          starts("IIRO", "camera raw (ORF)"),
          starts("IIRS", "camera raw (ORF)"),
          starts("MMOR", "camera raw (ORF)"),
          starts("IIU\0", "camera raw (RW2)"),
          new Signature(6, "HEAPCCDR", "camera raw (CRW)"),
          starts("FUJIFILMCCD-RAW", "camera raw (RAF)"),
          starts("\0MRM", "camera raw (MRW)"),
          starts("FOVb", "camera raw (X3F)"));

  private static final List<Signature> ARCHIVES =
      List.of(
          new Signature(257, "ustar", "tar archive"),
          starts("PK\3\4", "ZIP archive"),
          starts("PK\5\6", "ZIP archive, an empty one"),
          starts("PK\7\b", "ZIP archive"),
          starts("\u001F\u008B", "gzip"),
          starts("BZh", "bzip2"),
          starts("\u00FD7zXZ\0", "xz"),
          starts("(\u00B5/\u00FD", "Zstandard"),
          starts("\4\"M\u0018", "LZ4"),
          starts("LZIP", "lzip"),
          starts("7z\u00BC\u00AF'\u001C", "7-Zip archive"),
          starts("Rar!\u001A\7", "RAR archive"),
          starts("MSCF", "CAB archive"));

  private static final List<Signature> OTHERS =
      List.of(
          starts("%PDF", "PDF"),
          starts("%!PS", "PostScript"),
          starts("\u00C5\u00D0\u00D3\u00C6", "PostScript"),
          starts("PAR1", "Parquet"),
          starts("ARROW1", "Arrow"),
          starts("ORC", "ORC"),
          starts("Obj\1", "Avro"),
          starts("\u0093NUMPY", "NumPy array"),
          starts("\u0080\2", "Python pickle"),
          starts("\u0080\3", "Python pickle"),
          starts("\u0080\4", "Python pickle"),
          starts("\u0080\5", "Python pickle"),
          starts("\u0089HDF\r\n\u001A\n", "HDF5"),
          starts("MATLAB 5.0", "MATLAB file"),
          starts("SQLite format 3", "SQLite database"),
          starts(
              "\u00D0\u00CF\u0011\u00E0\u00A1\u00B1\u001A\u00E1",
              "OLE file, as Thumbs.db and old Office documents are"),
          starts("\0\0\0\1Bud1", "notes of macOS about a folder (.DS_Store)"),
          starts("\0\5\u0016\7", "notes of macOS about a file (AppleDouble)"),
          starts("L\0\0\0\1\u0014\2\0", "shortcut of Windows"),
          starts("MZ", "program of Windows"),
          starts("\u007FELF", "program of Linux (ELF)"),
          starts("\u00CF\u00FA\u00ED\u00FE", "program of macOS"),
          starts("\u00CA\u00FE\u00BA\u00BE", "program of macOS or Java"),
          starts("\0\1\0\0\0", "TrueType font"),
          starts("OTTO", "OpenType font"),
          starts("wOF", "web font"),
          starts("ID3", "MP3"),
          starts("\u00FF\u00FB", "MP3"),
          starts("\u00FF\u00F3", "MP3"),
          starts("OggS", "Ogg"),
          starts("fLaC", "FLAC"),
          starts("\u001AE\u00DF\u00A3", "Matroska or WebM film"),
          starts("FLV\1", "FLV film"),
          starts("0&\u00B2u\u008Ef\u00CF\u0011", "Windows Media"),
          starts("\0\0\1\u00BA", "MPEG film"),
          starts("\0\0\1\u00B3", "MPEG film"));

  private Signatures() {}

  private static Signature starts(String bytes, String name) {
    return new Signature(0, bytes, name);
  }

  /** What the file is, as far as its bytes tell; "unknown content" where they do not. */
  static String describe(byte[] file) {
    String start = new String(file, 0, Math.min(file.length, LONGEST), ISO_8859_1);
    String text = TextKinds.describe(file);
    for (Signature archive : ARCHIVES) {
      if (archive.begins(start) && (text == null || !archive.isWeak())) {
        return archive.name() + UNPACK;
      }
    }
    for (List<Signature> signatures : List.of(PICTURES, OTHERS)) {
      for (Signature known : signatures) {
        if (known.begins(start) && (text == null || !known.isWeak())) {
          return known.name();
        }
      }
    }
    if (start.startsWith("RIFF")) {
      return riff(start);
    }
    if (start.startsWith("ftyp", 4)) {
      return MediaBrands.describe(start);
    }
    if (NETPBM.matcher(start).lookingAt()) {
      return "PPM or one of its family";
    }
    if (text != null) {
      return text;
    }
    return isTarga(file) ? "TGA" : unknown(file);
  }

  private static String riff(String start) {
    String kind = start.length() < 12 ? "" : start.substring(8, 12);
    return switch (kind) {
      case "WEBP" -> "WebP";
      case "WAVE" -> "WAV";
      case "AVI " -> "AVI film";
      case "ACON" -> "ANI, cursors of Windows";
      default -> "RIFF file";
    };
  }

  private static String unknown(byte[] file) {
    int zeros = leading(file, "\0");
    if (zeros == file.length) {
      return String.format(Locale.ROOT, "nothing but zeros, %d bytes of them", zeros);
    }
    int blanks = leading(file, " \t\r\n");
    byte[] rest = Arrays.copyOfRange(file, blanks, file.length);
    String format =
        JpegStructure.matches(rest)
            ? "JPEG"
            : PngStructure.matches(rest) ? "PNG" : WebpStructure.matches(rest) ? "WebP" : null;
    return format == null || blanks == 0
        ? "unknown content"
        : String.format(
            Locale.ROOT, "%d blanks before a %s, and no decoder skips them", blanks, format);
  }

  /** How many of a file's first bytes are among these. */
  private static int leading(byte[] file, String these) {
    int at = 0;
    while (at < file.length && these.indexOf(file[at]) >= 0) {
      at++;
    }
    return at;
  }

  /** Targa files have their name at the end, or a header whose fields are small numbers. */
  private static boolean isTarga(byte[] file) {
    String end =
        new String(file, Math.max(0, file.length - 18), Math.min(18, file.length), ISO_8859_1);
    if (end.startsWith("TRUEVISION-XFILE")) {
      return true;
    }
    boolean isLong = file.length > 18;
    return isLong
        && TARGA_KINDS.contains((int) file[2])
        && file[1] >= 0
        && file[1] <= 1
        && TARGA_BITS.contains((int) file[16]);
  }
}
