/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.text;

import java.text.Normalizer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Words that name a class, a split or a group: label files, sidecars and columns write them, and
 * what nobody sees in them must not make two classes of one.
 */
public final class Words {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** Format characters that stand around words in exports: joiners, direction marks, the BOM. */
  private static final String INVISIBLE = "\u200B\u200C\u200D\u200E\u200F\u2060\u180E\uFEFF";

  private Words() {}

  /**
   * A word as the table has it: without blanks around it, without byte order marks, and in
   * Unicode's composed form (NFC), for a letter with an accent may be written in two ways that are
   * equal.
   */
  public static String clean(String text) {
    return Normalizer.normalize(strip(text).replace(BYTE_ORDER_MARK, ""), Normalizer.Form.NFC);
  }

  /** Without the blanks of any kind around it, no-break and zero-width ones included. */
  public static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** Why a text can be no word; none if it can. Some characters are lost where a word is stored. */
  public static @Nullable String fault(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        return String.format(Locale.ROOT, "the control character U+%04X", (int) c);
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return String.format(Locale.ROOT, "half of a character, U+%04X", (int) c);
      }
    }
    return null;
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || INVISIBLE.indexOf(c) >= 0;
  }
}
