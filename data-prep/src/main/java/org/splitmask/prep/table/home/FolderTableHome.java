/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.hadoop.HadoopTables;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.common.lease.Repeater;

/**
 * A folder on a filesystem where a rename is atomic. It holds the folders of the Iceberg tables,
 * {@code runs}, {@code codebooks} and, while somebody writes, the lease.
 */
final class FolderTableHome implements TableHome {
  private static final Pattern IN_A_CATALOG = Pattern.compile("[\\w-]+(?:\\.\\w+){2,}");
  private static final String RUNS = "runs";
  private static final String CODEBOOKS = "codebooks";

  private final String given;
  private final Path path;
  private final FileSystem fileSystem;
  private final HadoopTables tables;
  private final Configuration hadoop;

  private FolderTableHome(String given, Path path, FileSystem fileSystem, Configuration hadoop) {
    this.given = given;
    this.path = path;
    this.fileSystem = fileSystem;
    this.tables = new HadoopTables(hadoop);
    this.hadoop = hadoop;
  }

  static FolderTableHome of(String location, Configuration hadoop) {
    Check.that(!location.isBlank(), "the table's folder is empty; give a path");
    Path given = new Path(location);
    Check.that(
        !ObjectStores.hold(given),
        "%s is on an object store, where a folder table is not safe: its commit needs an atomic"
            + " rename, which %s has not; keep the table in a catalog (--catalog FILE and"
            + " CATALOG.NAMESPACE.NAME in the folder's place, see docs/object-stores.md), or use a"
            + " folder on a local disk or HDFS",
        location,
        given.toUri().getScheme());
    try {
      FileSystem fileSystem = given.getFileSystem(hadoop);
      return new FolderTableHome(location, fileSystem.makeQualified(given), fileSystem, hadoop);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach " + location + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String location() {
    return path.toString();
  }

  @Override
  public String location(TableName table) {
    return new Path(path, table.word()).toString();
  }

  @Override
  public String folder() {
    return path.toString();
  }

  /** Refuses a file in the folder's place, and a folder of tables that are not ours. */
  @Override
  public void checkUsable() {
    try {
      Check.that(
          !fileSystem.exists(path) || fileSystem.getFileStatus(path).isDirectory(),
          "%s is a file; a table is a folder, give another --output",
          path);
      for (TableName name : TableName.values()) {
        Check.that(
            exists(location(name)) || !fileSystem.exists(new Path(location(name))),
            "%s exists and is no table; give another --output",
            location(name));
      }
    } catch (IOException e) {
      throw cannotLook(e);
    }
  }

  @Override
  public Optional<Table> find(TableName name) {
    String location = location(name);
    if (!exists(location)) {
      return Optional.empty();
    }
    Table table = load(location);
    RecordedPlace.of(table, hadoop).check(new Path(location));
    return Optional.of(table);
  }

  private boolean exists(String location) {
    return read(location, () -> tables.exists(location));
  }

  private Table load(String location) {
    return read(location, () -> tables.load(location));
  }

  /** What Iceberg reads of a table's metadata. */
  private static <T> T read(String location, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (IllegalArgumentException e) {
      if (NewerIceberg.isSaidBy(e)) {
        throw new SplitMaskException(Blame.DATA, location + ": " + NewerIceberg.MESSAGE, e);
      }
      throw e;
    }
  }

  @Override
  public Table create(
      TableName name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
    String location = location(name);
    try {
      return tables.create(schema, spec, SortOrder.unsorted(), properties, location);
    } catch (AlreadyExistsException e) {
      return load(location);
    }
  }

  @Override
  public SplitMaskException missing() {
    try {
      return fileSystem.exists(path)
          ? Check.failure(
              Blame.DATA,
              "no table at %s: the folder holds no patch table; make one with: prepare --output %s",
              given,
              given)
          : Check.failure(
              Blame.USER,
              "no table at %s: there is no such folder%s",
              given,
              IN_A_CATALOG.matcher(given).matches()
                  ? "; a table in a catalog needs --catalog FILE"
                  : "");
    } catch (IOException e) {
      throw cannotLook(e);
    }
  }

  @Override
  public WriteGuard guard(String runId) {
    return TableLease.take(fileSystem, path, runId, Repeater.onThread("lease heartbeat"));
  }

  @Override
  public RunRecords records() {
    return new RunRecords(fileSystem, new Path(path, RUNS));
  }

  @Override
  public String codebooks() {
    return new Path(path, CODEBOOKS).toString();
  }

  private UncheckedIOException cannotLook(IOException cause) {
    return new UncheckedIOException("cannot look at " + path, cause);
  }

  /** Filesystems are Hadoop's, which shares them. */
  @Override
  public void close() {}
}
