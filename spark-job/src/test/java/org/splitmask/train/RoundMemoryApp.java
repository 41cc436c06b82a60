/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.SparkSession;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.parameter.ParameterSource;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;
import org.splitmask.train.state.VectorStore.Vector;
import org.splitmask.train.task.LearningTask;
import org.splitmask.train.task.StepFigures;

/**
 * A round of a model of any size, whose engine computes nothing: what is left is what travels
 * between driver and workers, and what the driver holds. Prints the driver's memory as JSON.
 * Arguments: the table, the run, and keys of train.
 */
public final class RoundMemoryApp {
  /** A system property: whether to measure the heap, which takes a full collection each time. */
  static final String MEASURE_HEAP = "splitmask.measure-heap";

  private RoundMemoryApp() {}

  public static void main(String[] arguments) throws IOException {
    List<String> words = List.of(arguments).subList(2, arguments.length);
    TrainConfig config = Configurations.bind(TrainConfig.class, KeyValues.ofWords(words));
    Map<String, Object> json = new LinkedHashMap<>();
    HeapWatch heap = new HeapWatch();
    try (SparkSession session = SparkSession.builder().getOrCreate()) {
      if (Boolean.getBoolean(MEASURE_HEAP)) {
        session.sparkContext().addSparkListener(heap);
      }
      RunFiles run = new RunFiles(arguments[1], session.sparkContext().hadoopConfiguration());
      StandStill kind = new StandStill(new Pretraining(session, config, run));
      Console console = new Console(Display.PLAIN_LINES, System.err, System::nanoTime);
      json.putAll(
          new Training<>(session, kind, TableAddress.folder(arguments[0]), run, console).run());
    }
    json.put("heap", heap.largest());
    json.put("collections", heap.count());
    json.put("residentPeak", residentPeak());
    System.out.println(new ObjectMapper().writeValueAsString(json));
  }

  /**
   * Collects all garbage soon after the end of each Spark task and job, and not when the collector
   * would: what a driver kept of each worker would be there at one of these points.
   */
  private static final class HeapWatch extends SparkListener {
    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    private long largest;
    private int count;

    @Override
    public void onTaskEnd(SparkListenerTaskEnd ended) {
      collect();
    }

    @Override
    public void onJobEnd(SparkListenerJobEnd ended) {
      collect();
    }

    private synchronized void collect() {
      System.gc();
      largest = Math.max(largest, memory.getHeapMemoryUsage().getUsed());
      count++;
    }

    /** The largest heap after a collection, bytes. */
    synchronized long largest() {
      return largest;
    }

    synchronized int count() {
      return count;
    }
  }

  /** Bytes, as Linux counts them. */
  private static long residentPeak() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }

  /** Pre-training with an engine that stands still. */
  private record StandStill(Pretraining kind) implements RunKind<TrainConfig, SplitMaskBatch> {
    @Override
    public TrainConfig config() {
      return kind.config();
    }

    @Override
    public void check(TableSnapshot snapshot) {
      kind.check(snapshot);
    }

    @Override
    public LearningTask<SplitMaskBatch> begin(TableSnapshot snapshot) throws IOException {
      return kind.begin(snapshot);
    }

    @Override
    public LearningTask<SplitMaskBatch> resume(
        TableSnapshot snapshot, RunIdentity<TrainConfig> identity) throws IOException {
      return kind.resume(snapshot, identity);
    }

    @Override
    public ParameterSource start(LearningTask<SplitMaskBatch> task) {
      return kind.start(task);
    }

    @Override
    public TrainerSettings<SplitMaskBatch> trainerSettings(
        LearningTask<SplitMaskBatch> task, int taskCores) {
      TrainerSettings<SplitMaskBatch> settings = kind.trainerSettings(task, taskCores);
      return new TrainerSettings<>(
          task,
          settings.optimisation(),
          settings.loading(),
          new StandStillEngines(),
          1,
          settings.seed());
    }

    /** All moments of the mean are the engine's constant. */
    @Override
    public List<RoundListener> watches() {
      return List.of(
          result -> {
            Segments segments = result.state().segments();
            for (int s = 0; s < segments.count(); s++) {
              for (float value : result.state().vectors().read(Vector.FIRST_MOMENT, s)) {
                if (value != StandStillEngine.MOMENT) {
                  throw new IllegalStateException("a mean of " + value + " in segment " + s);
                }
              }
            }
          });
    }
  }

  private record StandStillEngines() implements EngineFactory {
    @Override
    public <B extends MiniBatch> TrainingEngine<B> open(
        LearningTask<B> task, Optimisation optimisation, int threads) {
      return new StandStillEngine<>();
    }

    @Override
    public long heapBytes(int parameters, int batchesPerUpdate) {
      return 0;
    }

    @Override
    public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
      return task.stepBytes(images);
    }
  }

  /** Gives back the parameters that it began with, and a constant as its first moment. */
  private static final class StandStillEngine<B extends MiniBatch> implements TrainingEngine<B> {
    static final float MOMENT = 0.5f;
    private ModelState start = new Nothing();
    private int steps;

    @Override
    public void begin(ModelState state) {
      start = state;
      steps = 0;
    }

    @Override
    public boolean step(int images, Supplier<B> batches, double rate) {
      batches.get();
      steps++;
      return true;
    }

    @Override
    public List<StepMetrics> metrics() {
      StepFigures figures =
          new StepFigures(1, Map.of("inpaint", 1.0, "match", 1.0, "matchAccuracy", 0.0));
      return Collections.nCopies(steps, new StepMetrics(2, figures, 1e-3, 1));
    }

    @Override
    public ModelState state() {
      return new After(start, start.updates() + steps);
    }

    @Override
    public void close() {}
  }

  private record After(ModelState start, long updates) implements ModelState {
    @Override
    public Segments segments() {
      return start.segments();
    }

    @Override
    public StateSegment segment(int index) {
      StateSegment before = start.segment(index);
      float[] moment = new float[before.length()];
      Arrays.fill(moment, StandStillEngine.MOMENT);
      return new StateSegment(before.parameters(), moment, before.secondMoment());
    }
  }

  private record Nothing() implements ModelState {
    @Override
    public Segments segments() {
      return Segments.of(0);
    }

    @Override
    public StateSegment segment(int index) {
      throw new IllegalStateException("the engine has not begun");
    }

    @Override
    public long updates() {
      return 0;
    }
  }
}
