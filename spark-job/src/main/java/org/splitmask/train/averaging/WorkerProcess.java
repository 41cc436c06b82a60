/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.batch.RowGroupCache;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.kernel.BlasCheck;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.TrainerSettings;

/**
 * What a JVM keeps of a training job between rounds: networks with their native buffers, and the
 * row groups that were read. Static, because Spark gives tasks nothing else that outlives them;
 * only the newest job's is kept.
 */
final class WorkerProcess {
  private static final InstantSource CLOCK = InstantSource.system();

  private static @Nullable WorkerProcess newest;

  private final String job;
  private final TrainerSettings settings;
  private final TableRows rows;
  private final ConcurrentLinkedQueue<LocalTrainer> idle = new ConcurrentLinkedQueue<>();

  private WorkerProcess(
      String job, TrainerSettings settings, List<RowGroup> groups, Configuration hadoop) {
    this.job = job;
    this.settings = settings;
    BlasCheck.logOnce(settings.threads(), CLOCK);
    RowGroupCache cache = new RowGroupCache(hadoop, settings.loading().cacheBytes());
    this.rows =
        new TableRows(groups, settings.loading().mixedRowGroups(), settings.seed(), cache::rows);
  }

  /** This JVM's part of a job, made when its first task comes. */
  static synchronized WorkerProcess of(
      String job, TrainerSettings settings, List<RowGroup> groups, Configuration hadoop) {
    if (newest == null || !newest.job.equals(job)) {
      newest = new WorkerProcess(job, settings, groups, hadoop);
    }
    return newest;
  }

  /** A network that no other task is using; give it back with {@link #giveBack}. */
  LocalTrainer borrow() {
    return Optional.ofNullable(idle.poll()).orElseGet(() -> new LocalTrainer(settings, CLOCK));
  }

  /** Keeps a network for the next task. */
  void giveBack(LocalTrainer trainer) {
    idle.add(trainer);
  }

  TableRows rows() {
    return rows;
  }
}
