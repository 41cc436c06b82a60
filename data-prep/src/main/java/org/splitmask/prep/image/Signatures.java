/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Names common files that are not read, so that a rejected row says what it is. */
final class Signatures {
  private static final int LONGEST = 12;
  private static final Map<String, String> BY_PREFIX = new LinkedHashMap<>();

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
  }

  private Signatures() {}

  static String describe(byte[] file) {
    String start = new String(file, 0, Math.min(file.length, LONGEST), StandardCharsets.ISO_8859_1);
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
    return "unknown content";
  }
}
