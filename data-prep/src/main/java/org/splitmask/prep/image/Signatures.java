/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Names common files that are not read, so that a rejected row says what it is. */
final class Signatures {
  private static final int LONGEST = 12;
  private static final Map<String, String> BY_PREFIX = new LinkedHashMap<>();
  private static final Pattern NETPBM = Pattern.compile("P[1-7Ff]\\s");
  private static final Set<Integer> TARGA_KINDS = Set.of(1, 2, 3, 9, 10, 11);
  private static final Set<Integer> TARGA_BITS = Set.of(8, 15, 16, 24, 32);

  static {
    BY_PREFIX.put("GIF8", "GIF");
    BY_PREFIX.put("II*\0", "TIFF");
    BY_PREFIX.put("MM\0*", "TIFF");
    BY_PREFIX.put("BM", "BMP");
    BY_PREFIX.put("8BPS", "Photoshop");
    BY_PREFIX.put("DDS ", "DDS");
    BY_PREFIX.put("qoif", "QOI");
    BY_PREFIX.put("%PDF", "PDF");
    BY_PREFIX.put("PK\3\4", "ZIP");
    BY_PREFIX.put("\0\0\1\0", "ICO");
    BY_PREFIX.put("\0\0\0\fjP  ", "JPEG 2000");
    BY_PREFIX.put("\u00FFO\u00FFQ", "JPEG 2000");
    BY_PREFIX.put("\u00FF\n", "JPEG XL");
    BY_PREFIX.put("\u0001\u00DA", "SGI");
    BY_PREFIX.put("\n\5\1", "PCX");
    BY_PREFIX.put("%!PS", "PostScript");
    BY_PREFIX.put("icns", "ICNS");
    BY_PREFIX.put("BLP", "BLP");
    BY_PREFIX.put("<svg", "SVG");
    BY_PREFIX.put("<?xml", "XML");
  }

  private Signatures() {}

  static String describe(byte[] file) {
    String start = new String(file, 0, Math.min(file.length, LONGEST), ISO_8859_1);
    for (Map.Entry<String, String> known : BY_PREFIX.entrySet()) {
      if (start.startsWith(known.getKey())) {
        return known.getValue();
      }
    }
    if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
      return "WebP";
    }
    if (start.startsWith("ftyp", 4)) {
      return "HEIF, AVIF or MP4";
    }
    if (NETPBM.matcher(start).lookingAt()) {
      return "PPM or one of its family";
    }
    return isTarga(file) ? "TGA" : "unknown content";
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
