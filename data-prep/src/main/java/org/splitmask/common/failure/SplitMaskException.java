/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A failure with somebody to blame; its message says what, which value, which bound, what to do.
 */
public final class SplitMaskException extends RuntimeException {
  private static final long serialVersionUID = 1L;

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
   * The blame for any failure: our own exceptions say it themselves, also from inside a Spark job's
   * failure; storage and cluster failures are recognised by type; the rest is our defect.
   */
  public static Blame blameOf(Throwable failure) {
    return root(failure).map(SplitMaskException::blame).orElseGet(() -> blameByType(failure));
  }

  /** The first of our own exceptions in the chain of causes. */
  public static Optional<SplitMaskException> root(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SplitMaskException ours) {
        return Optional.of(ours);
      }
    }
    return Optional.empty();
  }

  private static Blame blameByType(Throwable failure) {
    Throwable deepest = failure;
    boolean cluster = false;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof IOException
          || at instanceof UncheckedIOException
          || at instanceof OutOfMemoryError) {
        return Blame.CLUSTER;
      }
      // By name, because this package sees neither Spark nor Hadoop.
      String name = at.getClass().getName();
      cluster |= name.startsWith("org.apache.spark.") || name.startsWith("org.apache.hadoop.");
      deepest = at;
    }
    // Spark wraps whatever a task threw; a null pointer in a task is as much a defect as elsewhere.
    boolean defect =
        deepest instanceof RuntimeException && deepest.getClass().getName().startsWith("java.");
    return cluster && !defect ? Blame.CLUSTER : Blame.BUG;
  }
}
