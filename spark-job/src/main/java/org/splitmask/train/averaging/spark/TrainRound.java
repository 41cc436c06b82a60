/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;
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
    Parts parts = new Parts(process, trainer, start, train(trainer, task, process));
    // A task that is killed, or whose results have no room, does not take all of its parts.
    TaskContext.get()
        .addTaskCompletionListener((TaskCompletionListener) ended -> parts.giveBackTrainer());
    return parts;
  }

  private WorkerReport train(LocalTrainer<?> trainer, RoundTask task, WorkerProcess<?> process) {
    boolean done = false;
    try {
      WorkerReport report =
          trainer.train(
              task.worker(), start, task.steps(), process.rows(), TrainRound::leaveIfKilled);
      done = true;
      return report;
    } finally {
      if (!done && trainer.failedBetweenSteps()) {
        trainer.close();
      }
    }
  }

  /** A task that is killed goes on otherwise, and its slot is taken for nothing. */
  private static void leaveIfKilled() {
    if (TaskContext.get().isInterrupted()) {
      throw new TaskKilledException("nobody waits for this worker");
    }
  }

  /** The report and then the state's segments, each made when it is asked for. */
  private static final class Parts implements Iterator<Tuple2<RoundPart, Serializable>> {
    private final WorkerProcess<?> process;
    private final LocalTrainer<?> trainer;
    private final WorkerReport report;
    private final SentState start;
    private final ModelState state;
    private final int segments;
    private int next = RoundPart.REPORT;
    private boolean isGivenBack;

    Parts(WorkerProcess<?> process, LocalTrainer<?> trainer, SentState start, WorkerReport report) {
      this.start = start;
      this.process = process;
      this.trainer = trainer;
      this.report = report;
      this.state = trainer.state();
      this.segments = state.segments().count();
    }

    @Override
    public boolean hasNext() {
      return next < segments;
    }

    @Override
    public Tuple2<RoundPart, Serializable> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("all parts have been taken");
      }
      RoundPart part = new RoundPart(next, report.worker());
      Serializable value =
          next == RoundPart.REPORT ? report : start.pack(part, state.segment(next));
      next++;
      if (!hasNext()) {
        giveBackTrainer();
      }
      return new Tuple2<>(part, value);
    }

    /** Once, whoever comes first. */
    void giveBackTrainer() {
      if (!isGivenBack) {
        isGivenBack = true;
        process.giveBack(trainer);
      }
    }
  }
}
