/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.OptimizerState;

/**
 * What an executor runs: one worker's share of a round. A retried task repeats itself to the bit,
 * since nothing in it depends on when or where it runs.
 *
 * @param job tells one training job from another in the same executor
 */
record TrainRound(
    String job,
    Broadcast<SplitMaskTrainingWorker> worker,
    Broadcast<List<RowGroup>> groups,
    Broadcast<SerializableConfiguration> hadoop,
    Broadcast<OptimizerState> start)
    implements Function<RoundTask, RoundShare> {
  @Override
  public RoundShare call(RoundTask task) {
    WorkerProcess process =
        WorkerProcess.of(job, worker.value().settings(), groups.value(), hadoop.value().value());
    LocalTrainer trainer = process.borrow();
    RoundShare share =
        worker.value().train(trainer, task.worker(), start.value(), task.steps(), process.rows());
    process.giveBack(trainer); // a trainer whose step failed is not used again
    return share;
  }
}
