/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.averaging.Quorum;
import org.splitmask.train.averaging.RoundRunner;
import org.splitmask.train.averaging.Traffic;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.random.Seeds;
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
  /** What its draws are for. */
  private static final long ROUNDING = Seeds.hash("rounding of results");

  private final JavaSparkContext spark;
  private final String job;
  private final Broadcast<TrainerSettings<?>> settings;
  private final Broadcast<List<RowGroup>> groups;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final Traffic traffic;
  private final Quorum quorum;
  private final LongSupplier nanoTime;
  private volatile boolean stopped;

  /**
   * The rounds of one run.
   *
   * @param groups the row groups of the train split, in the snapshot's order
   * @param traffic what travels, and how exactly
   * @param quorum how many workers a round waits for
   * @param nanoTime tells how long things take; nothing else depends on it
   */
  public SparkRounds(
      JavaSparkContext spark,
      TrainerSettings<?> settings,
      List<RowGroup> groups,
      Traffic traffic,
      Quorum quorum,
      LongSupplier nanoTime) {
    this.traffic = traffic;
    this.quorum = quorum;
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
    int segments = start.segments().count();
    long began = nanoTime.getAsLong();
    // The same whichever try of the round this is, and other draws than in any other round.
    long seed = Seeds.of(settings.value().seed(), ROUNDING, plan.next().updates());
    SentState sent = SentState.send(spark, start, traffic, seed);
    double sendSeconds = (nanoTime.getAsLong() - began) / 1e9;
    JavaRDD<Serializable> results = null;
    boolean done = false;
    try {
      Check.cluster(!stopped, "the training was stopped"); // no job was there to be cancelled
      WorkerParts parts = train(plan, sent, segments);
      results = parts.inOrder().mapPartitions(average(plan, parts.late(), sent));
      if (segments > 1) {
        results.persist(StorageLevel.MEMORY_AND_DISK());
        results.count(); // all workers at once, and then all segments at once
      }
      List<Serializable>[] first =
          results.collectPartitions(new int[] {RoundPart.REPORTS, RoundPart.partition(0)});
      List<WorkerReport> reports = first[0].stream().map(WorkerReport.class::cast).toList();
      SparkRound round =
          new SparkRound(sendSeconds, reports, parts.late(), only(first[1]), results, sent);
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
   * What workers came to.
   *
   * @param late the numbers of those that did not come to an end
   */
  private record WorkerParts(JavaRDD<Tuple2<RoundPart, Serializable>> inOrder, Set<Integer> late) {}

  /** All workers as one job, which begins when its results are asked for; or one job for each. */
  private WorkerParts train(RoundPlan plan, SentState sent, int segments) {
    List<RoundTask> tasks = new ArrayList<>();
    for (int w = 0; w < plan.steps().size(); w++) {
      tasks.add(new RoundTask(w, plan.steps().get(w)));
    }
    if (quorum.isAll()) {
      return new WorkerParts(shuffled(tasks, sent, segments).toJavaRDD(), Set.of());
    }
    List<PartsInOrder> workers =
        tasks.stream().map(task -> shuffled(List.of(task), sent, segments)).toList();
    // Its report alone is fetched, which is there when all of its parts are.
    List<JavaFutureAction<?>> jobs = new ArrayList<>();
    workers.forEach(worker -> jobs.add(worker.toJavaRDD().takeAsync(1)));
    Set<Integer> late =
        new OnTime(quorum, nanoTime, time -> Thread.sleep(time.toMillis())).late(jobs);
    List<PartsInOrder> onTime = new ArrayList<>();
    for (int w = 0; w < workers.size(); w++) {
      if (!late.contains(w)) {
        onTime.add(workers.get(w));
      }
    }
    return new WorkerParts(PartsInOrder.ofAll(onTime).toJavaRDD(), late);
  }

  /**
   * The parts of workers. Java's object streams keep every object that they have written until they
   * are reset, Spark's by default a hundred: these forget each segment, or a worker would hold its
   * whole result twice.
   */
  private PartsInOrder shuffled(List<RoundTask> tasks, SentState sent, int segments) {
    SparkConf forgetful = spark.getConf().clone().set("spark.serializer.objectStreamReset", "1");
    JavaPairRDD<RoundPart, Serializable> parts =
        spark
            .parallelize(tasks, tasks.size())
            .flatMapToPair(new TrainRound(job, settings, groups, hadoop, sent));
    return PartsInOrder.of(parts.rdd(), segments, new JavaSerializer(forgetful));
  }

  private static AverageParts average(RoundPlan plan, Set<Integer> late, SentState sent) {
    int[] workers =
        IntStream.range(0, plan.steps().size()).filter(w -> !late.contains(w)).toArray();
    long[] images =
        Arrays.stream(workers)
            .mapToLong(w -> plan.steps().get(w).stream().mapToLong(StepPlan::images).sum())
            .toArray();
    return new AverageParts(sent, workers, images);
  }

  /**
   * Frees what a round holds on the driver and the executors. The files of its shuffle too: Spark
   * would leave them until the driver happens to collect garbage, and a large model's are gigabytes
   * a round.
   */
  private static void forget(@Nullable JavaRDD<Serializable> results, SentState sent) {
    if (results != null) {
      results.unpersist();
      results.rdd().cleanShuffleDependencies(false);
    }
    sent.destroy();
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
      Set<Integer> stragglers,
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
    public long executorBytes() {
      return sent.executorBytes();
    }

    @Override
    public long workerBytes() {
      return sent.workerBytes();
    }

    @Override
    public void close() {
      forget(results, sent);
    }
  }
}
