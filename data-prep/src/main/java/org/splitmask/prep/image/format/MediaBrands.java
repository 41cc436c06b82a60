/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells files apart that begin with the box {@code ftyp} (ISO/IEC 14496-12), by their brands. */
final class MediaBrands {
  private static final int FIRST_BRAND = 8;
  private static final int COMPATIBLE = 16;
  private static final int BRAND_BYTES = 4;
  private static final String PLAIN_HEIF = "HEIF";

  /** Brands as a pattern, and what they mean. */
  private record Kind(Pattern brands, String name) {}

  private static final List<Kind> KINDS =
      List.of(
          kind("avi[fs]", "AVIF"),
          kind("hei[cxms]|hev[cxms]", "HEIC"),
          kind("crx ", "camera raw (CR3)"),
          kind("jxl ", "JPEG XL"),
          kind("jp[2xm] |mjp2", "JPEG 2000"),
          kind("qt  ", "QuickTime film"),
          kind("M4[ABP] ", "MPEG-4 sound"),
          kind("mp4[0-9]|isom|iso[2-9]|avc1|M4V |MSNV|dash|3g[pe2][0-9a-z]", "MP4 film"),
          kind("mif[12]|msf1|miaf", PLAIN_HEIF));

  private MediaBrands() {}

  private static Kind kind(String brands, String name) {
    return new Kind(Pattern.compile(brands), name);
  }

  /**
   * What the file is.
   *
   * @param start its first bytes, each a character
   */
  static String describe(String start) {
    List<String> brands = brands(start);
    String first = brands.isEmpty() ? "" : brands.get(0);
    String name = name(first);
    if (name == null || name.equals(PLAIN_HEIF)) {
      // The first says how the file is built; what is inside stands among the others.
      for (String brand : brands) {
        String other = name(brand);
        name = other != null && (name == null || name.equals(PLAIN_HEIF)) ? other : name;
      }
    }
    if (name != null) {
      return name;
    }
    boolean printable = first.chars().allMatch(c -> c >= ' ' && c <= '~') && !first.isBlank();
    return printable ? "film or picture of the brand " + first.strip() : "film or picture";
  }

  private static @Nullable String name(String brand) {
    for (Kind kind : KINDS) {
      if (kind.brands.matcher(brand).matches()) {
        return kind.name;
      }
    }
    return null;
  }

  /** The first brand and those after the version, as far as the box goes. */
  private static List<String> brands(String start) {
    byte[] length = start.substring(0, BRAND_BYTES).getBytes(ISO_8859_1);
    long end = Math.min(start.length(), Integer.toUnsignedLong(ByteBuffer.wrap(length).getInt()));
    List<String> brands = new ArrayList<>();
    if (start.length() >= FIRST_BRAND + BRAND_BYTES) {
      brands.add(start.substring(FIRST_BRAND, FIRST_BRAND + BRAND_BYTES));
    }
    for (int at = COMPATIBLE; at + BRAND_BYTES <= end; at += BRAND_BYTES) {
      brands.add(start.substring(at, at + BRAND_BYTES));
    }
    return brands;
  }
}
