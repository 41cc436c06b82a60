/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Border checks. The message has what, value, bound and remedy, in that order. */
public final class Check {
  private Check() {}

  /** Refuses a value that the user gave: exit code 2. */
  @FormatMethod
  public static void that(boolean holds, @FormatString String message, Object... arguments) {
    if (!holds) {
      throw failure(Blame.USER, message, arguments);
    }
  }

  /** Refuses data that is not as it should be: exit code 3. */
  @FormatMethod
  public static void data(boolean holds, @FormatString String message, Object... arguments) {
    if (!holds) {
      throw failure(Blame.DATA, message, arguments);
    }
  }

  /** What the cluster or the storage does; worth another try: exit code 4. */
  @FormatMethod
  public static void cluster(boolean holds, @FormatString String message, Object... arguments) {
    if (!holds) {
      throw failure(Blame.CLUSTER, message, arguments);
    }
  }

  /** Our own invariant; its failure is a defect: exit code 70. */
  @FormatMethod
  public static void invariant(boolean holds, @FormatString String message, Object... arguments) {
    if (!holds) {
      throw failure(Blame.BUG, message, arguments);
    }
  }

  /** The value, which must be there; its absence is a defect: exit code 70. */
  @FormatMethod
  public static <T> T present(
      @Nullable T value, @FormatString String message, Object... arguments) {
    if (value == null) {
      throw failure(Blame.BUG, message, arguments);
    }
    return value;
  }

  /** An exception with a formatted message, to be thrown by the caller. */
  @FormatMethod
  public static SplitMaskException failure(
      Blame blame, @FormatString String message, Object... arguments) {
    return new SplitMaskException(blame, String.format(Locale.ROOT, message, arguments));
  }
}
