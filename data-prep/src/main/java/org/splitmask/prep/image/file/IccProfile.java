/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.file;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an ICC profile calls itself (ICC.1:2022, 9.2.41; in version 2, 6.4.32). Colours are
 * not converted; the name tells whoever wants to know which pictures mean other colours than sRGB.
 */
public final class IccProfile {
  static final String UNNAMED = "unnamed";

  private static final int LONGEST_NAME = 120;
  private static final int MOST_BYTES = 1 << 22;
  private static final int MOST_TAGS = 100;
  private static final int HEADER_BYTES = 128;
  private static final int TAG_BYTES = 12;
  private static final int DESCRIPTION = 0x64657363; // desc, a tag and the type of version 2
  private static final int UNICODE = 0x6D6C7563; // mluc, the type since version 4

  private IccProfile() {}

  /** Joins the parts of a profile; a profile of absurd length is cut. */
  public static final class Collector {
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream(0);

    /** Adds a part of a profile; what goes beyond the longest that is kept is left out. */
    public void add(byte[] bytes, int offset, int length) {
      if (parts.size() + length <= MOST_BYTES) {
        parts.write(bytes, offset, length);
      }
    }

    /** The name of the profile; null where there is none or it is sRGB. */
    public @Nullable String description() {
      return parts.size() == 0 ? null : IccProfile.description(parts.toByteArray());
    }
  }

  /** The name of a profile, {@value #UNNAMED} if it has none; null for sRGB. */
  public static @Nullable String description(byte[] profile) {
    String name = printable(text(ByteBuffer.wrap(profile)));
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.contains("srgb") && !lower.contains("linear")) {
      return null;
    }
    return name.isEmpty() ? UNNAMED : name;
  }

  private static String text(ByteBuffer profile) {
    try {
      int tags = Math.min(profile.getInt(HEADER_BYTES), MOST_TAGS);
      for (int i = 0; i < tags; i++) {
        int entry = HEADER_BYTES + 4 + TAG_BYTES * i;
        if (profile.getInt(entry) == DESCRIPTION) {
          return textAt(profile, profile.getInt(entry + 4));
        }
      }
    } catch (IndexOutOfBoundsException e) {
      return ""; // a broken profile has no name; pictures are shown without it
    }
    return "";
  }

  private static String textAt(ByteBuffer profile, int tag) {
    return switch (profile.getInt(tag)) {
      case DESCRIPTION ->
          string(profile, tag + 12, profile.getInt(tag + 8), StandardCharsets.ISO_8859_1);
      case UNICODE ->
          string(
              profile,
              tag + profile.getInt(tag + 24),
              profile.getInt(tag + 20),
              StandardCharsets.UTF_16BE);
      default -> "";
    };
  }

  private static String string(ByteBuffer profile, int at, int length, Charset charset) {
    byte[] text = new byte[Math.max(0, Math.min(length, 4 * LONGEST_NAME))];
    profile.get(at, text);
    return new String(text, charset);
  }

  private static String printable(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .takeWhile(c -> c != 0)
        .filter(c -> !Character.isISOControl(c) && Character.isDefined(c))
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .limit(LONGEST_NAME)
        .forEach(clean::appendCodePoint);
    return clean.toString().strip();
  }
}
