/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.Optional;
import org.apache.iceberg.Table;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.home.TableHome;
import org.splitmask.prep.table.home.TableName;

/** The Iceberg tables of a home, checked to be of this program's schema version. */
public record TablePair(TableHome home) {
  /** The table of pictures, loaded anew; nothing where it has not been made. */
  public Optional<Table> patches() {
    return checked(TableName.PATCHES);
  }

  /** The table of rejected files, likewise. */
  public Optional<Table> rejected() {
    return checked(TableName.REJECTED);
  }

  private Optional<Table> checked(TableName name) {
    Optional<Table> found = home.find(name);
    found.ifPresent(table -> checkVersion(name, table));
    return found;
  }

  private void checkVersion(TableName name, Table table) {
    String version = table.properties().getOrDefault(TableLayout.SCHEMA_VERSION_KEY, "none");
    Check.data(
        version.equals(String.valueOf(TableLayout.VERSION)),
        "the table %s has schema version %s, this program reads version %d; prepare the pictures"
            + " again into a new folder",
        home.location(name),
        version,
        TableLayout.VERSION);
  }
}
