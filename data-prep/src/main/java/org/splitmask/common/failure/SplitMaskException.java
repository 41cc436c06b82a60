/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

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

  /** The blame for any failure, ours or not. */
  public static Blame blameOf(Throwable failure) {
    return Diagnosis.of(failure).blame();
  }

  /** The first of our own exceptions in the chain of causes. */
  public static Optional<SplitMaskException> root(Throwable failure) {
    for (Throwable at : Diagnosis.chain(failure)) {
      if (at instanceof SplitMaskException ours) {
        return Optional.of(ours);
      }
    }
    return Optional.empty();
  }
}
