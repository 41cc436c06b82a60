/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.util.Locale;

/** The Iceberg tables that together are a patch table. */
public enum TableName {
  /** One row for each picture. */
  PATCHES,
  /** One row for each file that is not in the table, and why. */
  REJECTED;

  /** The word in paths and names: patches, rejected. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
