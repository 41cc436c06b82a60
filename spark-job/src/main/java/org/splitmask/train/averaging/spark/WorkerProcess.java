/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.time.InstantSource;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.RowGroupCache;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.kernel.library.BlasCheck;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.resident.Lending;
import org.splitmask.train.resident.Residents;

/**
 * What a JVM keeps of a training job between rounds: trainers with their engines, and the row
 * groups that were read.
 */
final class WorkerProcess<B extends MiniBatch> implements AutoCloseable {
  private static final InstantSource CLOCK = InstantSource.system();

  private final TableRows rows;
  private final Lending<LocalTrainer<?>> trainers;

  private WorkerProcess(TrainerSettings<B> settings, List<RowGroup> groups, Configuration hadoop) {
    BlasCheck.logOnce(settings.threads(), CLOCK);
    RowGroupCache cache = new RowGroupCache(hadoop, settings.loading().cacheBytes());
    this.rows =
        new TableRows(groups, settings.loading().mixedRowGroups(), settings.seed(), cache::rows);
    this.trainers = new Lending<>(() -> new LocalTrainer<>(settings, CLOCK));
  }

  /** This JVM's part of a job, made when its first task comes. */
  static WorkerProcess<?> of(
      String job, TrainerSettings<?> settings, List<RowGroup> groups, Configuration hadoop) {
    return Residents.of(
        job, WorkerProcess.class, () -> new WorkerProcess<>(settings, groups, hadoop));
  }

  /** Frees what this JVM keeps of a job. */
  static void close(String job) {
    Residents.close(job);
  }

  /** A trainer that no other task is using; give it back with {@link #giveBack}. */
  LocalTrainer<?> borrow() {
    return trainers.borrow();
  }

  /** Keeps a trainer for the next task. */
  void giveBack(LocalTrainer<?> trainer) {
    trainers.giveBack(trainer);
  }

  TableRows rows() {
    return rows;
  }

  @Override
  public void close() {
    trainers.close();
  }
}
