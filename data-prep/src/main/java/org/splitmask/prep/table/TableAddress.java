/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.home.TableHome;

/**
 * Where a table is, as a user says it.
 *
 * @param table a folder, as a path or URI of a Hadoop filesystem; with a catalog,
 *     CATALOG.NAMESPACE.NAME
 * @param catalog the YAML file that describes an Iceberg catalog; none: the table is a folder
 */
public record TableAddress(String table, @Nullable String catalog) {
  /** A table in a folder. */
  public static TableAddress folder(String folder) {
    return new TableAddress(folder, null);
  }

  /** Its home, for those who write, and close it. */
  public TableHome home(Configuration hadoop) {
    return TableHome.of(table, catalog, hadoop);
  }

  /** The table's name, without where its catalog is. */
  @Override
  public String toString() {
    return table;
  }
}
