/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A failure with somebody to blame; its message says what, which value, which bound, what to do.
 */
public final class SplitMaskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Pattern TOLD =
      Pattern.compile(
          Pattern.quote(SplitMaskException.class.getName()) + " \\((\\w+)\\): ([^\\n]*)");

  private final Blame blame;

  public SplitMaskException(Blame blame, String message) {
    this(blame, message, null);
  }

  public SplitMaskException(Blame blame, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.blame = blame;
  }

  public Blame blame() {
    return blame;
  }

  /**
   * With the blame: of a task that failed on every executor that it may run on, Spark gives the
   * driver nothing but this.
   */
  @Override
  @SuppressWarnings("OverrideThrowableToString") // the message is for people, who see no blame
  public String toString() {
    return SplitMaskException.class.getName() + " (" + blame.word() + "): " + getMessage();
  }

  /** The first of our own exceptions that a text tells of, as {@link #toString} writes them. */
  static Optional<SplitMaskException> inText(@Nullable String text) {
    Matcher told = TOLD.matcher(String.valueOf(text));
    return told.find()
        ? Blame.ofWord(told.group(1)).map(blame -> new SplitMaskException(blame, told.group(2)))
        : Optional.empty();
  }

  /** The blame for any failure, ours or not. */
  public static Blame blameOf(Throwable failure) {
    return Diagnosis.of(failure).blame();
  }

  /** The first of our own exceptions in the chain of causes, or in the text of one of Spark's. */
  public static Optional<SplitMaskException> root(Throwable failure) {
    for (Throwable at : Diagnosis.chain(failure)) {
      if (at instanceof SplitMaskException ours) {
        return Optional.of(ours);
      }
    }
    return Diagnosis.chain(failure).stream()
        .filter(at -> at.getClass().getName().startsWith("org.apache.spark."))
        .flatMap(at -> inText(at.getMessage()).stream())
        .findFirst();
  }
}
