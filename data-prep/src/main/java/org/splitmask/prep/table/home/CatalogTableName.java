/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.splitmask.common.failure.Check;

/**
 * A patch table's name in a catalog, CATALOG.NAMESPACE.NAME. Its Iceberg tables are
 * NAMESPACE.NAME_patches and NAMESPACE.NAME_rejected, since Hive and Glue have namespaces of one
 * level alone (docs/adr/0015).
 */
record CatalogTableName(String catalog, Namespace namespace, String name) {
  /** Hive and Glue fold names to lower case; a name must be found by what it was made with. */
  private static final String PART = "[a-z0-9][a-z0-9_]*";

  static CatalogTableName parse(String table, CatalogFile file) {
    List<String> parts = List.of(table.split("\\.", -1));
    Check.that(
        parts.size() >= 3 && parts.get(0).equals(file.name()),
        "%s describes the catalog '%s', so a table's name is %s.NAMESPACE.NAME; was '%s' (a table"
            + " in a folder is given without --catalog)",
        file.path(),
        file.name(),
        file.name(),
        table);
    List<String> within = parts.subList(1, parts.size());
    for (String part : within) {
      Check.that(
          part.matches(PART),
          "the name %s has the part '%s'; names in a catalog are lower-case letters, digits and _,"
              + " and begin with a letter or a digit",
          table,
          part);
    }
    return new CatalogTableName(
        file.name(),
        Namespace.of(within.subList(0, within.size() - 1).toArray(String[]::new)),
        within.get(within.size() - 1));
  }

  /** The name in the catalog of one of its tables. */
  TableIdentifier identifier(TableName table) {
    return TableIdentifier.of(namespace, name + "_" + table.word());
  }

  @Override
  public String toString() {
    return catalog + "." + namespace + "." + name;
  }
}
