/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.util.function.Supplier;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/**
 * A table's operations, whose failures say whose they are. A commit either wins, or surely loses,
 * or its outcome is unknown: catalogs differ in what they throw when an answer does not come, and
 * nothing may be deleted then.
 */
final class GuardedOperations implements TableOperations {
  private final TableOperations operations;
  private final FileIO files;
  private final CatalogFailures failures;

  /**
   * Guards operations.
   *
   * @param files what executors get too
   */
  GuardedOperations(TableOperations operations, FileIO files, CatalogFailures failures) {
    this.operations = operations;
    this.files = files;
    this.failures = failures;
  }

  @Override
  public TableMetadata current() {
    return given(operations::current);
  }

  @Override
  public TableMetadata refresh() {
    return given(operations::refresh);
  }

  private TableMetadata given(Supplier<TableMetadata> request) {
    try {
      return failures.during("does not give a table", request);
    } catch (NoSuchTableException e) {
      throw new SplitMaskException(
          Blame.DATA, e.getMessage() + ": it was dropped while it was used; prepare it again", e);
    }
  }

  @Override
  public void commit(@Nullable TableMetadata base, TableMetadata metadata) {
    try {
      operations.commit(base, metadata);
    } catch (CommitStateUnknownException e) {
      throw e.getCause() instanceof RuntimeException cause ? unknown(cause) : e;
    } catch (RuntimeException e) {
      throw e instanceof CleanableFailure ? e : unknown(e);
    }
  }

  private CommitStateUnknownException unknown(RuntimeException cause) {
    return new CommitStateUnknownException(failures.clean(cause));
  }

  @Override
  public FileIO io() {
    return files;
  }

  @Override
  public EncryptionManager encryption() {
    return operations.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return operations.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return operations.locationProvider();
  }

  @Override
  public TableOperations temp(TableMetadata uncommitted) {
    return operations.temp(uncommitted);
  }

  @Override
  public long newSnapshotId() {
    return operations.newSnapshotId();
  }

  @Override
  public boolean requireStrictCleanup() {
    return operations.requireStrictCleanup();
  }
}
