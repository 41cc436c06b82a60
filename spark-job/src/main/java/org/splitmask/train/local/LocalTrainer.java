/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.MiniBatchLoader;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.kernel.KernelThreads;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.kernel.Scratch;
import org.splitmask.train.model.ParameterManifest;
import org.splitmask.train.model.SplitMaskNetwork;
import org.splitmask.train.model.StepLosses;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.schedule.StepPlan;

/**
 * Trains one network on one worker's share of a round. Holds native buffers: kept and used again
 * round after round, by one thread at a time.
 */
public final class LocalTrainer {
  private final TrainerSettings settings;
  private final InstantSource clock;
  private final KernelThreads threads;
  private final SplitMaskNetwork network;
  private final MiniBatchLoader loader;
  private final FlatOptimizer optimizer;
  private final Scratch scratch = new Scratch();

  /**
   * A trainer.
   *
   * @param clock tells how long steps wait; nothing else depends on it
   */
  public LocalTrainer(TrainerSettings settings, InstantSource clock) {
    this.threads = new KernelThreads(settings.threads());
    this.settings = settings;
    this.clock = clock;
    this.network = initialNetwork(settings);
    this.loader = new MiniBatchLoader(settings.miniBatches(), settings.loading().threads());
    this.optimizer = new FlatOptimizer(settings, network.manifest());
  }

  /** The network as the seed starts it. */
  public static SplitMaskNetwork initialNetwork(TrainerSettings settings) {
    return SplitMaskNetwork.create(
        settings.shape(), settings.objective(), DataType.FLOAT, settings.seed());
  }

  /**
   * Takes the planned steps from a state.
   *
   * @param start left as it is
   * @param rows the images of the train split
   */
  public WorkerResult train(
      int worker, OptimizerState start, List<StepPlan> steps, TableRows rows) {
    return threads.call(() -> takeSteps(worker, start, steps, rows));
  }

  private WorkerResult takeSteps(
      int worker, OptimizerState start, List<StepPlan> steps, TableRows rows) {
    Instant began = clock.instant();
    OptimizerState state = start.copy();
    begin(state);
    List<StepMetrics> metrics = new ArrayList<>();
    long images = 0;
    Waiting waiting = new Waiting();
    try (MiniBatchLoader.Batches batches = loader.load(requests(steps), rows)) {
      for (StepPlan step : steps) {
        long update = start.updates() + metrics.size() + 1;
        StepMetrics taken =
            takeStep(state, step.images(), () -> waiting.next(batches), step.progress(), update);
        metrics.add(taken);
        images += step.images();
        if (!taken.isFinite()) {
          break;
        }
      }
    }
    Pace pace = new Pace(seconds(began), waiting.seconds);
    return new WorkerResult(worker, state.afterUpdates(metrics.size()), images, metrics, pace);
  }

  /** Each step's images in as many mini-batches as make one update, alike but for one image. */
  private List<MiniBatchLoader.Request> requests(List<StepPlan> steps) {
    int parts = settings.optimisation().batchesPerUpdate();
    List<MiniBatchLoader.Request> requests = new ArrayList<>();
    for (StepPlan step : steps) {
      for (int part = 0; part < parts; part++) {
        int from = (int) ((long) step.images() * part / parts);
        int to = (int) ((long) step.images() * (part + 1) / parts);
        requests.add(
            new MiniBatchLoader.Request(step.epoch(), Range.slice(step.places(), from, to)));
      }
    }
    return requests;
  }

  /** Gives the network a state's parameters. */
  void begin(OptimizerState state) {
    NativeMemory.copy(state.parameters(), network.parameters());
  }

  /** One step on one mini-batch. */
  StepMetrics step(OptimizerState state, MiniBatch batch, double progress, long update) {
    return step(state, batch.images(), () -> batch, progress, update);
  }

  /**
   * One step: forward, backward, clip, AdamW; the state's arrays are updated in place.
   *
   * @param state which the trainer has begun with, or has taken the step before on
   * @param images of all its mini-batches
   */
  StepMetrics step(
      OptimizerState state, int images, Supplier<MiniBatch> batches, double progress, long update) {
    return threads.call(() -> takeStep(state, images, batches, progress, update));
  }

  private StepMetrics takeStep(
      OptimizerState state, int images, Supplier<MiniBatch> batches, double progress, long update) {
    StepLosses losses = computeGradients(images, batches);
    double norm = optimizer.read(network.gradients());
    double rate = settings.optimisation().rate().at(progress);
    StepMetrics metrics = new StepMetrics(images, losses, rate, norm);
    if (metrics.isFinite()) {
      double clip = settings.optimisation().clipNorm();
      float scale = (float) Math.min(1, clip / (norm + 1e-6)); // as PyTorch
      optimizer.update(state, scale, rate, update, network.parameters());
    }
    return metrics;
  }

  /**
   * The mean gradient of all images, in the network or in the optimizer's sum over mini-batches.
   */
  private StepLosses computeGradients(int images, Supplier<MiniBatch> batches) {
    int parts = settings.optimisation().batchesPerUpdate();
    if (parts == 1) {
      return computeGradients(batches.get());
    }
    StepLosses losses = null;
    optimizer.clearSum();
    for (int part = 0; part < parts; part++) {
      MiniBatch batch = batches.get();
      double weight = (double) batch.images() / images;
      StepLosses weighted = computeGradients(batch).times(weight);
      losses = losses == null ? weighted : losses.plus(weighted);
      optimizer.accumulate(network.gradients(), weight);
    }
    optimizer.moveSum(network.gradients());
    return Check.present(losses, "no mini-batch");
  }

  private StepLosses computeGradients(MiniBatch batch) {
    INDArray patches =
        scratch.array(
            "patches",
            DataType.FLOAT,
            batch.images(),
            settings.input().patches(),
            settings.input().patchValues());
    NativeMemory.copy(batch.patches(), patches);
    return network.computeGradients(patches, batch.visible(), batch.labels(), batch.seeds());
  }

  /** The manifest of the trained vector. */
  public ParameterManifest manifest() {
    return network.manifest();
  }

  KernelThreads threads() {
    return threads;
  }

  SplitMaskNetwork network() {
    return network;
  }

  private double seconds(Instant since) {
    return Duration.between(since, clock.instant()).toNanos() / 1e9;
  }

  /** The time that steps spend waiting for mini-batches. */
  private final class Waiting {
    private double seconds;

    MiniBatch next(MiniBatchLoader.Batches batches) {
      Instant began = clock.instant();
      MiniBatch batch = batches.next();
      seconds += seconds(began);
      return batch;
    }
  }
}
