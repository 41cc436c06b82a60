/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.MiniBatchLoader;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.state.Distance;
import org.splitmask.train.state.ModelState;

/**
 * Trains on one worker's share of a round: deals mini-batches to an engine. Kept and used again
 * round after round, by one thread at a time, until it is closed.
 */
public final class LocalTrainer<B extends MiniBatch> implements AutoCloseable {
  private final TrainerSettings<B> settings;
  private final InstantSource clock;
  private final TrainingEngine<B> engine;
  private final MiniBatchLoader<B> loader;
  private boolean failedBetweenSteps;

  /**
   * A trainer.
   *
   * @param clock tells how long steps wait; nothing else depends on it
   */
  public LocalTrainer(TrainerSettings<B> settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.engine = settings.openEngine();
    this.loader = new MiniBatchLoader<>(settings.task()::assembler, settings.loading().threads());
  }

  /** As below, to the last step. */
  public WorkerReport train(int worker, ModelState start, List<StepPlan> steps, TableRows rows) {
    return train(worker, start, steps, rows, () -> {});
  }

  /**
   * Takes the planned steps from a state; {@link #state} is then what they came to.
   *
   * @param start left as it is
   * @param rows the images of the train split
   * @param beforeStep may throw, where nobody waits for the result any more
   */
  public WorkerReport train(
      int worker, ModelState start, List<StepPlan> steps, TableRows rows, Runnable beforeStep) {
    Instant began = clock.instant();
    engine.begin(start);
    double receiving = seconds(began);
    Waiting waiting = new Waiting();
    try (MiniBatchLoader<B>.Batches batches = loader.load(requests(steps), rows)) {
      for (StepPlan step : steps) {
        failedBetweenSteps = true;
        beforeStep.run();
        failedBetweenSteps = false;
        double rate = settings.optimisation().rate().at(step.progress()) * step.rateFactor();
        if (!engine.step(step.images(), () -> waiting.next(batches), rate)) {
          break;
        }
      }
    }
    failedBetweenSteps = true; // from here on no kernel runs
    List<StepMetrics> metrics = engine.metrics();
    long images = metrics.stream().mapToLong(StepMetrics::images).sum();
    double deltaNorm = Distance.between(start, engine.state());
    Pace pace = new Pace(seconds(began), receiving, waiting.seconds);
    long memory = NativeMemory.ofProcess();
    return new WorkerReport(worker, images, metrics, deltaNorm, pace, memory);
  }

  /**
   * Whether {@link #train} failed while no kernel was running: for want of a mini-batch. The
   * trainer can then be closed. After any other failure some of its kernels may still be running,
   * and its memory is left to the garbage collector.
   */
  public boolean failedBetweenSteps() {
    return failedBetweenSteps;
  }

  /** The state after the last {@link #train}; to be read before the next. */
  public ModelState state() {
    return engine.state();
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

  TrainingEngine<B> engine() {
    return engine;
  }

  private double seconds(Instant since) {
    return Duration.between(since, clock.instant()).toNanos() / 1e9;
  }

  @Override
  public void close() {
    loader.close();
    engine.close();
  }

  /** The time that steps spend waiting for mini-batches. */
  private final class Waiting {
    private double seconds;

    B next(MiniBatchLoader<B>.Batches batches) {
      Instant began = clock.instant();
      failedBetweenSteps = true;
      B batch = batches.next();
      failedBetweenSteps = false;
      seconds += seconds(began);
      return batch;
    }
  }
}
