/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.common.lease.Repeater;

/**
 * Tables that an Iceberg catalog keeps. There is no lock: a commit is the catalog's compare-and-
 * swap, and of two writers the second loses. Run records and codebooks lie in a folder beside the
 * table of pictures, outside of it, where nobody's clean-up takes them for litter.
 */
final class CatalogTableHome implements TableHome {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogTableHome.class);

  /** As long as Iceberg's own clean-up takes it that a writer may be at work. */
  private static final Duration LITTER_AGE = Duration.ofDays(3);

  private static final String BESIDE = "_splitmask";

  private final CatalogFile file;
  private final CatalogTableName name;
  private final Catalog catalog;
  private final CatalogFailures failures;
  private final Configuration hadoop;

  /** Where records and codebooks are; the catalog is asked once. */
  private @Nullable Path beside;

  private CatalogTableHome(
      CatalogFile file,
      CatalogTableName name,
      Catalog catalog,
      CatalogFailures failures,
      Configuration hadoop) {
    this.file = file;
    this.name = name;
    this.catalog = catalog;
    this.failures = failures;
    this.hadoop = hadoop;
  }

  /**
   * The home of a table.
   *
   * @param table CATALOG.NAMESPACE.NAME
   * @param catalogFile the YAML file that describes the catalog
   */
  static CatalogTableHome of(String table, String catalogFile, Configuration hadoop) {
    return of(
        table,
        CatalogFile.read(catalogFile, hadoop, new CatalogSecrets(System::getenv, hadoop)),
        hadoop);
  }

  static CatalogTableHome of(String table, CatalogFile file, Configuration hadoop) {
    CatalogTableName name = CatalogTableName.parse(table, file);
    CatalogFailures failures = new CatalogFailures(file);
    Catalog catalog =
        failures.during(
            "cannot be opened",
            () -> CatalogUtil.buildIcebergCatalog(file.name(), file.properties(), hadoop));
    return new CatalogTableHome(file, name, catalog, failures, hadoop);
  }

  @Override
  public String location() {
    return name.toString();
  }

  @Override
  public String location(TableName table) {
    return name.catalog() + "." + name.identifier(table);
  }

  @Override
  public String folder() {
    Optional<Table> patches = find(TableName.PATCHES);
    if (patches.isPresent()) {
      return String.valueOf(new Path(patches.get().location()).getParent());
    }
    // A catalog that chooses the place itself has not said yet where it will be.
    String warehouse = file.warehouse();
    return warehouse.contains(":/")
        ? new Path(warehouse, String.join("/", name.namespace().levels())).toString()
        : location();
  }

  @Override
  public void checkUsable() {
    find(TableName.PATCHES);
  }

  @Override
  public Optional<Table> find(TableName table) {
    TableIdentifier identifier = name.identifier(table);
    try {
      Table found =
          failures.during("does not give " + identifier, () -> catalog.loadTable(identifier));
      checkReadable(found.location());
      return Optional.of(guarded(table, found));
    } catch (NoSuchTableException | NoSuchNamespaceException e) {
      return Optional.empty();
    }
  }

  private Table guarded(TableName table, Table found) {
    if (!(found instanceof HasTableOperations known)) {
      return found;
    }
    TableOperations operations = known.operations();
    // The catalog gave it all properties, with their secrets, and tasks would get them as well.
    FileIO files =
        operations.io() instanceof HadoopFileIO ? new HadoopFileIO(hadoop) : operations.io();
    return new BaseTable(new GuardedOperations(operations, files, failures), location(table));
  }

  /** Tasks read by Hadoop's filesystems, whatever the catalog's own client is. */
  private void checkReadable(String location) {
    Path path = new Path(location);
    try {
      path.getFileSystem(hadoop);
    } catch (UnsupportedFileSystemException e) {
      throw new SplitMaskException(
          Blame.USER,
          "the catalog keeps "
              + name
              + " at "
              + location
              + ", and Hadoop has no filesystem for "
              + path.toUri().getScheme()
              + "; on S3 set spark.hadoop.fs.s3.impl=org.apache.hadoop.fs.s3a.S3AFileSystem, or"
              + " prepare into a warehouse with s3a://",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach " + location + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Table create(
      TableName table, Schema schema, PartitionSpec spec, Map<String, String> properties) {
    TableIdentifier identifier = name.identifier(table);
    return failures.during(
        "cannot make " + identifier,
        () -> {
          makeNamespace();
          try {
            return guarded(table, catalog.createTable(identifier, schema, spec, properties));
          } catch (AlreadyExistsException e) {
            return find(table).orElseThrow(() -> e);
          }
        });
  }

  private void makeNamespace() {
    if (catalog instanceof SupportsNamespaces namespaces) {
      String[] levels = name.namespace().levels();
      for (int count = 1; count <= levels.length; count++) {
        Namespace namespace = Namespace.of(Arrays.copyOf(levels, count));
        if (!namespaces.namespaceExists(namespace)) {
          try {
            namespaces.createNamespace(namespace);
          } catch (AlreadyExistsException e) {
            // Another process has just made it.
          }
        }
      }
    }
  }

  @Override
  public SplitMaskException missing() {
    return Check.failure(
        Blame.USER,
        "no table at %s: the catalog '%s' (%s) lists no %s; make it with: prepare --catalog %s"
            + " --output %s",
        name,
        file.name(),
        file.path(),
        name.identifier(TableName.PATCHES),
        file.path(),
        name);
  }

  /** A folder's catalog has no more to keep writers apart than a plain folder has: the lease. */
  @Override
  public WriteGuard guard(String runId) {
    if (!file.isFolder() || file.hasLock()) {
      return WriteGuard.none(LITTER_AGE);
    }
    Path folder = new Path(new Path(folder(), BESIDE), name.name());
    try {
      return TableLease.take(
          folder.getFileSystem(hadoop), folder, runId, Repeater.onThread("lease heartbeat"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach " + folder + ": " + e.getMessage(), e);
    }
  }

  @Override
  public RunRecords records() {
    Path folder = new Path(beside(), "runs");
    try {
      return new RunRecords(folder.getFileSystem(hadoop), folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach " + folder + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String codebooks() {
    return new Path(beside(), "codebooks").toString();
  }

  /** Named as the table's folder is, which may have more in its name than the table. */
  private Path beside() {
    Path known = beside;
    if (known == null) {
      Path patches = new Path(find(TableName.PATCHES).orElseThrow(this::missing).location());
      known = new Path(new Path(patches.getParent(), BESIDE), patches.getName());
      beside = known;
    }
    return known;
  }

  @Override
  public void close() {
    if (catalog instanceof Closeable client) {
      try {
        client.close();
      } catch (IOException | RuntimeException e) {
        // What was asked of it is done by now.
        LOG.warn("the catalog '{}' did not close: {}", file.name(), e.getMessage());
      }
    }
  }
}
