/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

/** A table whose metadata this program's Iceberg is too old to read. */
final class NewerIceberg {
  static final String MESSAGE =
      "the table was written by a newer Iceberg than 1.12, which this program has; read it with a"
          + " newer version of this program";

  private NewerIceberg() {}

  /** Whether Iceberg refuses the version of the table's format. */
  static boolean isSaidBy(Throwable failure) {
    return String.valueOf(failure.getMessage()).startsWith("Cannot read unsupported version");
  }
}
