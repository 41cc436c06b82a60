/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.local.WorkerResult;
import org.splitmask.train.schedule.RoundPlan;

/** The workers of a round as Spark tasks, one partition each. */
final class SparkRounds implements RoundRunner {
  private final JavaSparkContext spark;
  private final String job;
  private final Broadcast<SplitMaskTrainingWorker> worker;
  private final Broadcast<List<RowGroup>> groups;
  private final Broadcast<SerializableConfiguration> hadoop;

  SparkRounds(JavaSparkContext spark, SplitMaskTrainingWorker worker, List<RowGroup> groups) {
    this.spark = spark;
    this.worker = spark.broadcast(worker);
    this.groups = spark.broadcast(new ArrayList<>(groups));
    this.hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    this.job = spark.sc().applicationId() + "-" + this.worker.id();
  }

  @Override
  public void run(OptimizerState start, RoundPlan plan, Consumer<WorkerResult> results) {
    List<RoundTask> tasks = new ArrayList<>();
    for (int w = 0; w < plan.steps().size(); w++) {
      tasks.add(new RoundTask(w, plan.steps().get(w)));
    }
    Broadcast<OptimizerState> state = spark.broadcast(start);
    JavaRDD<RoundShare> shares =
        spark
            .parallelize(tasks, tasks.size())
            .map(new TrainRound(job, worker, groups, hadoop, state))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      // First all workers at once; then their results one by one, in the order of workers, so that
      // the driver never holds more than one.
      shares.count();
      for (Iterator<RoundShare> inOrder = shares.toLocalIterator(); inOrder.hasNext(); ) {
        results.accept(inOrder.next().result());
      }
    } finally {
      shares.unpersist();
      state.destroy();
    }
  }
}
