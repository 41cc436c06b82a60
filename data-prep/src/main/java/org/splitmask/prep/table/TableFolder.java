/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.splitmask.common.failure.Check;

/** The folder that holds the two Iceberg tables, on a filesystem where a rename is atomic. */
final class TableFolder {
  private static final Set<String> OBJECT_STORES =
      Set.of("s3", "s3a", "s3n", "gs", "abfs", "abfss", "wasb", "wasbs", "oss", "cosn", "obs");

  private final Path path;
  private final FileSystem fileSystem;
  private final HadoopTables tables;

  private TableFolder(Path path, FileSystem fileSystem, HadoopTables tables) {
    this.path = path;
    this.fileSystem = fileSystem;
    this.tables = tables;
  }

  static TableFolder of(String location, Configuration hadoop) {
    Check.that(!location.isBlank(), "the table's folder is empty; give a path");
    Path given = new Path(location);
    String scheme = String.valueOf(given.toUri().getScheme()).toLowerCase(Locale.ROOT);
    Check.that(
        !OBJECT_STORES.contains(scheme),
        "%s is on an object store, where a folder table is not safe: its commit needs an atomic"
            + " rename, which %s has not; use a folder on a local disk or HDFS",
        location,
        scheme);
    try {
      FileSystem fileSystem = given.getFileSystem(hadoop);
      return new TableFolder(fileSystem.makeQualified(given), fileSystem, new HadoopTables(hadoop));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach " + location + ": " + e.getMessage(), e);
    }
  }

  String location() {
    return path.toString();
  }

  Path path() {
    return path;
  }

  FileSystem fileSystem() {
    return fileSystem;
  }

  boolean exists() {
    try {
      return fileSystem.exists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + path, e);
    }
  }

  /** Refuses a file in the folder's place, and a folder of tables that are not ours. */
  void checkUsable() {
    try {
      Check.that(
          !fileSystem.exists(path) || fileSystem.getFileStatus(path).isDirectory(),
          "%s is a file; a table is a folder, give another --output",
          path);
      for (String name : List.of(TableLayout.PATCHES_TABLE, TableLayout.REJECTED_TABLE)) {
        Check.that(
            tables.exists(location(name)) || !fileSystem.exists(new Path(path, name)),
            "%s exists and is no table; give another --output",
            location(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot look at " + path, e);
    }
  }

  HadoopTables tables() {
    return tables;
  }

  String location(String table) {
    return new Path(path, table).toString();
  }

  /** The table of patches, checked to be of this program's schema version. */
  Optional<Table> patches() {
    return load(TableLayout.PATCHES_TABLE);
  }

  Optional<Table> rejected() {
    return load(TableLayout.REJECTED_TABLE);
  }

  private Optional<Table> load(String name) {
    String location = location(name);
    if (!tables.exists(location)) {
      return Optional.empty();
    }
    Table table = tables.load(location);
    String version = table.properties().getOrDefault(TableLayout.SCHEMA_VERSION_KEY, "none");
    Check.data(
        version.equals(String.valueOf(TableLayout.VERSION)),
        "the table %s has schema version %s, this program reads version %d; prepare the pictures"
            + " again into a new folder",
        location,
        version,
        TableLayout.VERSION);
    return Optional.of(table);
  }
}
