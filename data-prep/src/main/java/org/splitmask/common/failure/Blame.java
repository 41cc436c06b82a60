/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import java.util.Arrays;
import java.util.Optional;

/** Whose a failure is; decides the exit code that schedulers act on. */
public enum Blame {
  /** Wrong usage or configuration: retrying the same command cannot help. */
  USER(2, "usage"),
  /** The data: files, labels or tables that are not what they should be. */
  DATA(3, "data"),
  /** The cluster or the storage: worth a retry. */
  CLUSTER(4, "cluster"),
  /** A defect of this software. */
  BUG(70, "defect");

  private final int exitCode;
  private final String word;

  Blame(int exitCode, String word) {
    this.exitCode = exitCode;
    this.word = word;
  }

  /** The process exit code documented in the README. */
  public int exitCode() {
    return exitCode;
  }

  /** The exit code's name, as result files have it. */
  public String word() {
    return word;
  }

  /** Whether the same command may succeed when it is run again. */
  public boolean worthRetry() {
    return this == CLUSTER;
  }

  /** By its {@link #word}. */
  static Optional<Blame> ofWord(String word) {
    return Arrays.stream(values()).filter(blame -> blame.word.equals(word)).findFirst();
  }

  /** Whose a failure with this exit code is; of codes that are not ours, the cluster's. */
  public static Blame ofExitCode(int exitCode) {
    for (Blame blame : values()) {
      if (blame.exitCode == exitCode) {
        return blame;
      }
    }
    return CLUSTER;
  }
}
