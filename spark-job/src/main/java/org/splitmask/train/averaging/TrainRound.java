/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.state.ModelState;
import scala.Tuple2;

/**
 * What an executor runs: one worker's share of a round. A retried task repeats itself to the bit,
 * since nothing in it depends on when or where it runs.
 *
 * @param job tells one training job from another in the same executor
 * @param start the state to begin with
 */
record TrainRound(
    String job,
    Broadcast<TrainerSettings<?>> settings,
    Broadcast<List<RowGroup>> groups,
    Broadcast<SerializableConfiguration> hadoop,
    SentState start)
    implements PairFlatMapFunction<RoundTask, RoundPart, Serializable> {
  @Override
  public Iterator<Tuple2<RoundPart, Serializable>> call(RoundTask task) {
    WorkerProcess<?> process =
        WorkerProcess.of(job, settings.value(), groups.value(), hadoop.value().value());
    LocalTrainer<?> trainer = process.borrow();
    // A trainer whose step failed is neither used again nor closed: a task that was interrupted
    // leaves its kernels running. The garbage collector frees its memory.
    WorkerReport report = trainer.train(task.worker(), start, task.steps(), process.rows());
    return new Parts(process, trainer, report);
  }

  /** The report and then the state's segments, each made when it is asked for. */
  private static final class Parts implements Iterator<Tuple2<RoundPart, Serializable>> {
    private final WorkerProcess<?> process;
    private final LocalTrainer<?> trainer;
    private final WorkerReport report;
    private final ModelState state;
    private int next = RoundPart.REPORT;

    Parts(WorkerProcess<?> process, LocalTrainer<?> trainer, WorkerReport report) {
      this.process = process;
      this.trainer = trainer;
      this.report = report;
      this.state = trainer.state();
    }

    @Override
    public boolean hasNext() {
      return next < state.segments().count();
    }

    @Override
    public Tuple2<RoundPart, Serializable> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all parts have been taken");
      }
      RoundPart part = new RoundPart(next, report.worker());
      Serializable value = next == RoundPart.REPORT ? report : state.segment(next);
      next++;
      if (!hasNext()) {
        process.giveBack(trainer);
      }
      return new Tuple2<>(part, value);
    }
  }
}
