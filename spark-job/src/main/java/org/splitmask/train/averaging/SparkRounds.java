/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.StateSegment;

/**
 * The workers of a round as Spark tasks. Their results are cut into segments, brought together by a
 * shuffle and averaged on the executors; the driver fetches the means one by one. So no object is
 * larger than a segment, and what the driver gets does not depend on the number of workers.
 */
public final class SparkRounds implements RoundRunner {
  private final JavaSparkContext spark;
  private final String job;
  private final Broadcast<TrainerSettings<?>> settings;
  private final Broadcast<List<RowGroup>> groups;
  private final Broadcast<SerializableConfiguration> hadoop;

  /**
   * The rounds of one run.
   *
   * @param groups the row groups of the train split, in the snapshot's order
   */
  public SparkRounds(JavaSparkContext spark, TrainerSettings<?> settings, List<RowGroup> groups) {
    this.spark = spark;
    this.settings = spark.broadcast(settings);
    this.groups = spark.broadcast(new ArrayList<>(groups));
    this.hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    this.job = spark.sc().applicationId() + "-" + this.settings.id();
  }

  @Override
  public FinishedRound run(ModelState start, RoundPlan plan) {
    List<RoundTask> tasks = new ArrayList<>();
    long[] images = new long[plan.steps().size()];
    for (int w = 0; w < images.length; w++) {
      List<StepPlan> steps = plan.steps().get(w);
      tasks.add(new RoundTask(w, steps));
      images[w] = steps.stream().mapToLong(StepPlan::images).sum();
    }
    SentState sent = SentState.send(spark, start);
    JavaRDD<Serializable> results =
        spark
            .parallelize(tasks, tasks.size())
            .flatMapToPair(new TrainRound(job, settings, groups, hadoop, sent))
            .repartitionAndSortWithinPartitions(
                new RoundPart.BySegment(start.segments().count()), new RoundPart.ByWorker())
            .mapPartitions(new AverageParts(images))
            .persist(StorageLevel.MEMORY_AND_DISK());
    SparkRound round = new SparkRound(results, sent);
    try {
      results.count(); // all workers at once, and then all segments at once
    } catch (RuntimeException e) {
      round.close();
      throw e;
    }
    return round;
  }

  @Override
  public void close() {
    WorkerProcess.close(job); // of this process, where workers share it with the driver
    settings.destroy();
    groups.destroy();
    hadoop.destroy();
  }

  /** A round whose reports and means lie on the executors. */
  private record SparkRound(JavaRDD<Serializable> results, SentState sent)
      implements FinishedRound {
    @Override
    public List<WorkerReport> reports() {
      return partition(RoundPart.REPORTS).stream().map(WorkerReport.class::cast).toList();
    }

    @Override
    public StateSegment mean(int segment) {
      List<Serializable> mean = partition(RoundPart.partition(segment));
      Check.invariant(mean.size() == 1, "%d means of segment %d", mean.size(), segment);
      return (StateSegment) mean.get(0);
    }

    private List<Serializable> partition(int index) {
      return results.collectPartitions(new int[] {index})[0];
    }

    @Override
    public void close() {
      results.unpersist();
      sent.destroy();
    }
  }
}
