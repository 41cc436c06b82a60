/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.time.Duration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.splitmask.common.lease.Lease;
import org.splitmask.common.lease.LeaseTerms;
import org.splitmask.common.lease.Repeater;

/** The lease of a table. Should it err, the commit still fails that comes second. */
final class TableLease implements WriteGuard {
  private static final Duration BEAT = Duration.ofMinutes(1);

  /** Longer than a failover of a name node or a long pause of a JVM. */
  private static final Duration SILENCE_OF_THE_DEAD = Duration.ofMinutes(15);

  private final Lease lease;

  private TableLease(Lease lease) {
    this.lease = lease;
  }

  /**
   * Takes the lease, or fails saying who has it.
   *
   * @param folder the table's, qualified; made if it is not there
   */
  static TableLease take(FileSystem fileSystem, Path folder, String runId, Repeater repeater) {
    LeaseTerms terms =
        new LeaseTerms(
            "_writer",
            "the table " + folder,
            "is being written by run",
            BEAT,
            SILENCE_OF_THE_DEAD,
            Duration.ZERO);
    return new TableLease(Lease.take(fileSystem, folder, runId, terms, repeater));
  }

  @Override
  public void check() {
    lease.check();
  }

  @Override
  public Duration litterAge() {
    return Duration.ZERO;
  }

  @Override
  public void close() {
    lease.close();
  }
}
