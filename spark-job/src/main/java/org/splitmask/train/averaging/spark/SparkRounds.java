/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.averaging.Moments;
import org.splitmask.train.averaging.RoundRunner;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.StateSegment;
import scala.Tuple2;

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
  private final Moments moments;
  private final LongSupplier nanoTime;
  private volatile boolean stopped;

  /**
   * The rounds of one run.
   *
   * @param groups the row groups of the train split, in the snapshot's order
   * @param moments whether Adam's travel
   * @param nanoTime tells how long things take; nothing else depends on it
   */
  public SparkRounds(
      JavaSparkContext spark,
      TrainerSettings<?> settings,
      List<RowGroup> groups,
      Moments moments,
      LongSupplier nanoTime) {
    this.moments = moments;
    this.nanoTime = nanoTime;
    this.spark = spark;
    this.settings = spark.broadcast(settings);
    this.groups = spark.broadcast(new ArrayList<>(groups));
    this.hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    this.job = spark.sc().applicationId() + "-" + this.settings.id();
  }

  @Override
  public boolean canGoOn() {
    return !spark.sc().isStopped();
  }

  /** Gives up the round under way, and runs no other. From any thread; returns at once. */
  public void stop() {
    stopped = true;
    spark.cancelJobGroup(job);
  }

  @Override
  public boolean isStopped() {
    return stopped;
  }

  @Override
  public FinishedRound run(ModelState start, RoundPlan plan, String what) {
    spark.setJobGroup(job, "train: " + what);
    List<RoundTask> tasks = new ArrayList<>();
    long[] images = new long[plan.steps().size()];
    for (int w = 0; w < images.length; w++) {
      List<StepPlan> steps = plan.steps().get(w);
      tasks.add(new RoundTask(w, steps));
      images[w] = steps.stream().mapToLong(StepPlan::images).sum();
    }
    int segments = start.segments().count();
    long began = nanoTime.getAsLong();
    SentState sent = SentState.send(spark, start, moments);
    double sendSeconds = (nanoTime.getAsLong() - began) / 1e9;
    JavaPairRDD<RoundPart, Serializable> parts =
        spark
            .parallelize(tasks, tasks.size())
            .flatMapToPair(new TrainRound(job, settings, groups, hadoop, sent));
    JavaRDD<Serializable> results =
        byWorker(parts, segments).mapPartitions(new AverageParts(images));
    boolean done = false;
    try {
      Check.cluster(!stopped, "the training was stopped"); // no job was there to be cancelled
      if (segments > 1) {
        results.persist(StorageLevel.MEMORY_AND_DISK());
        results.count(); // all workers at once, and then all segments at once
      }
      List<Serializable>[] first =
          results.collectPartitions(new int[] {RoundPart.REPORTS, RoundPart.partition(0)});
      List<WorkerReport> reports = first[0].stream().map(WorkerReport.class::cast).toList();
      SparkRound round = new SparkRound(sendSeconds, reports, only(first[1]), results, sent);
      done = true;
      return round;
    } finally {
      // Not by catching: what Scala throws need not be unchecked (SparkException is not).
      if (!done) {
        forget(results, sent);
      }
    }
  }

  /**
   * Frees what a round holds on the driver and the executors. The files of its shuffle too: Spark
   * would leave them until the driver happens to collect garbage, and a large model's are gigabytes
   * a round.
   */
  private static void forget(JavaRDD<Serializable> results, SentState sent) {
    results.unpersist();
    results.rdd().cleanShuffleDependencies(false);
    sent.destroy();
  }

  /**
   * The same part of all workers together, in the order of the workers. Java's object streams keep
   * every object that they have written until they are reset, Spark's by default a hundred: these
   * forget each segment, or a worker would hold its whole result twice.
   */
  private JavaRDD<Tuple2<RoundPart, Serializable>> byWorker(
      JavaPairRDD<RoundPart, Serializable> parts, int segments) {
    SparkConf forgetful = spark.getConf().clone().set("spark.serializer.objectStreamReset", "1");
    return PartsInOrder.of(parts.rdd(), segments, new JavaSerializer(forgetful)).toJavaRDD();
  }

  private static StateSegment only(List<Serializable> mean) {
    Check.invariant(mean.size() == 1, "%d means of a segment", mean.size());
    return (StateSegment) mean.get(0);
  }

  @Override
  public void close() {
    spark.clearJobGroup();
    WorkerProcess.close(job); // of this process, where workers share it with the driver
    settings.destroy();
    groups.destroy();
    hadoop.destroy();
  }

  /**
   * A round whose means lie on the executors.
   *
   * @param first the mean of the first segment, which a small model has alone: it came with the
   *     reports, by the same Spark job
   */
  private record SparkRound(
      double sendSeconds,
      List<WorkerReport> reports,
      StateSegment first,
      JavaRDD<Serializable> results,
      SentState sent)
      implements FinishedRound {
    @Override
    public StateSegment mean(int segment) {
      return segment == 0
          ? first
          : only(results.collectPartitions(new int[] {RoundPart.partition(segment)})[0]);
    }

    @Override
    public long workerBytes() {
      return sent.bytes();
    }

    @Override
    public void close() {
      forget(results, sent);
    }
  }
}
