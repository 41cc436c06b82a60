/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

/** Whose a failure is; decides the exit code that schedulers act on. */
public enum Blame {
  /** Wrong usage or configuration: retrying the same command cannot help. */
  USER(2),
  /** The data: files, labels or tables that are not what they should be. */
  DATA(3),
  /** The cluster or the storage: worth a retry. */
  CLUSTER(4),
  /** A defect of this software. */
  BUG(70);

  private final int exitCode;

  Blame(int exitCode) {
    this.exitCode = exitCode;
  }

  /** The process exit code documented in the README. */
  public int exitCode() {
    return exitCode;
  }
}
