/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/**
 * Tables as a catalog keeps them: which metadata is the newest is said in one place, here a map,
 * and a commit is its compare-and-swap. There is no lock.
 */
public final class CatalogTableHome implements TableHome {
  private final String name;
  private final Path folder;
  private final FileSystem fileSystem;
  private final Configuration hadoop;
  private final ConcurrentMap<TableName, String> newestMetadata = new ConcurrentHashMap<>();

  public CatalogTableHome(String name, java.nio.file.Path folder, Configuration hadoop)
      throws IOException {
    this.name = name;
    this.folder = new Path(folder.toUri());
    this.fileSystem = this.folder.getFileSystem(hadoop);
    this.hadoop = hadoop;
  }

  @Override
  public String location() {
    return name;
  }

  @Override
  public String location(TableName table) {
    return name + "." + table.word();
  }

  @Override
  public String folder() {
    return folder.toString();
  }

  @Override
  public void checkUsable() {}

  @Override
  public Optional<Table> find(TableName table) {
    return newestMetadata.containsKey(table)
        ? Optional.of(new BaseTable(new Operations(table), location(table)))
        : Optional.empty();
  }

  @Override
  public Table create(
      TableName table, Schema schema, PartitionSpec spec, Map<String, String> properties) {
    String location = new Path(folder, table.word()).toString();
    TableMetadata metadata =
        TableMetadata.newTableMetadata(
            schema, spec, SortOrder.unsorted(), location, Map.copyOf(properties));
    try {
      new Operations(table).commit(null, metadata);
      return find(table).orElseThrow();
    } catch (AlreadyExistsException | CommitFailedException e) {
      return find(table).orElseThrow(() -> e);
    }
  }

  @Override
  public SplitMaskException missing() {
    return Check.failure(Blame.USER, "no table at %s: the catalog does not list it", name);
  }

  @Override
  public WriteGuard guard(String runId) {
    return new WriteGuard() {
      @Override
      public void check() {}

      @Override
      public Duration litterAge() {
        return Duration.ofDays(1);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public RunRecords records() {
    return new RunRecords(fileSystem, new Path(folder, "runs"));
  }

  @Override
  public String codebooks() {
    return new Path(folder, "codebooks").toString();
  }

  private final class Operations extends BaseMetastoreTableOperations {
    private final TableName table;
    private final FileIO io = new HadoopFileIO(hadoop);

    Operations(TableName table) {
      this.table = table;
    }

    @Override
    protected String tableName() {
      return location(table);
    }

    @Override
    public FileIO io() {
      return io;
    }

    @Override
    protected void doRefresh() {
      refreshFromMetadataLocation(newestMetadata.get(table));
    }

    @Override
    protected void doCommit(@Nullable TableMetadata base, TableMetadata metadata) {
      String written = writeNewMetadataIfRequired(base == null, metadata);
      boolean won =
          base == null
              ? newestMetadata.putIfAbsent(table, written) == null
              : newestMetadata.replace(table, base.metadataFileLocation(), written);
      if (!won) {
        throw new CommitFailedException("%s has changed", tableName());
      }
    }
  }
}
