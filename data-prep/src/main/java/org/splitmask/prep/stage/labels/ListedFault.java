/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Locale;

/**
 * Why lines of a label file cannot be followed. Of several the first is told, whichever task finds
 * it.
 *
 * @param line the later of the lines that contradict each other
 */
public record ListedFault(Kind kind, int line, String message)
    implements Serializable, Comparable<ListedFault> {
  private static final Comparator<ListedFault> ORDER =
      Comparator.comparing(ListedFault::kind)
          .thenComparing(ListedFault::line)
          .thenComparing(ListedFault::message);

  /** In the order in which they are told. */
  public enum Kind {
    /** Two lines have one path. */
    REPEATED,
    /** Lines of different paths mean one file. */
    CONTRADICTION,
    /** A line may mean several files. */
    AMBIGUOUS
  }

  /** A fault whose message is formatted as Java's formatter does. */
  @FormatMethod
  public static ListedFault of(
      Kind kind, int line, @FormatString String message, Object... arguments) {
    return new ListedFault(kind, line, String.format(Locale.ROOT, message, arguments));
  }

  @Override
  public int compareTo(ListedFault other) {
    return ORDER.compare(this, other);
  }
}
