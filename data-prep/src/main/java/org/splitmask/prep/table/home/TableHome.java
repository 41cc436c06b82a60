/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.SplitMaskException;

/**
 * Where a patch table lives, and how a commit to it is guarded. Whoever reads or writes a table
 * asks its home and makes up no path. A folder is one kind of home. A name in a catalog is another:
 * it has no lock, its tables' commits are compare-and-swap, and its records and codebooks lie
 * beside the files of its tables.
 *
 * <p>Whoever asks for a home closes it, after the tables that it gave.
 */
public interface TableHome extends AutoCloseable {
  /**
   * The home in a folder.
   *
   * @param location as a path or URI of a Hadoop filesystem
   * @throws SplitMaskException blaming the user where no table is safe there
   */
  static TableHome of(String location, Configuration hadoop) {
    return of(location, null, hadoop);
  }

  /**
   * The home that a user's words mean: the one place where its kind is chosen.
   *
   * @param table CATALOG.NAMESPACE.NAME where there is a catalog; else a folder, as a path or URI
   *     of a Hadoop filesystem
   * @param catalog the YAML file that describes an Iceberg catalog; none: the table is in a folder
   * @throws SplitMaskException blaming the user where no table is safe there, or where the file is
   *     not what it should be; blaming the cluster where the catalog cannot be reached
   */
  static TableHome of(String table, @Nullable String catalog, Configuration hadoop) {
    return catalog == null
        ? FolderTableHome.of(table, hadoop)
        : CatalogTableHome.of(table, catalog, hadoop);
  }

  /** Its name for people and for later commands: with the same catalog it leads here again. */
  String location();

  /** The name for people of one of its tables. */
  String location(TableName table);

  /**
   * The folder, qualified, that holds all its files; no input of prepare may hold it. A catalog may
   * say it only when the table has been made; until then it is a name that is no folder's.
   */
  String folder();

  /** Refuses a place where no table can be made. */
  void checkUsable();

  /** One of its tables as it is now; nothing where it has not been made. */
  Optional<Table> find(TableName name);

  /** Makes a table; or gives the one that another process has just made. */
  Table create(TableName name, Schema schema, PartitionSpec spec, Map<String, String> properties);

  /** For whoever wants to read a table that is not there: why it is not, and the remedy. */
  SplitMaskException missing();

  /**
   * Begins to write. A home that can keep others away does it here; of any other, the commit fails
   * that comes second.
   *
   * @param runId who writes
   * @throws SplitMaskException blaming the cluster where somebody else writes
   */
  WriteGuard guard(String runId);

  /** The records of the runs that wrote to it. */
  RunRecords records();

  /** The folder, on a Hadoop filesystem, of the codebooks that are fitted on its table. */
  String codebooks();

  /** Lets go of what it holds open, as a catalog's connections. Never fails. */
  @Override
  void close();
}
