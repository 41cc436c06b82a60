/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.kernel.BlasCheck;
import org.splitmask.train.kernel.KernelTimes;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.schedule.StepPlan;

/**
 * The step that workers take, on pictures of noise: with a mini-batch that is there, and with
 * mini-batches that are made ahead of it.
 */
public final class StepBenchmark {
  private final TrainerSettings settings;
  private final int images;
  private final LongSupplier nanoTime;
  private final LocalTrainer trainer;
  private final List<PatchRow> pictures;
  private final MiniBatch batch;
  private OptimizerState state;

  /**
   * A benchmark.
   *
   * @param images of a mini-batch
   */
  public StepBenchmark(TrainerSettings settings, int images, LongSupplier nanoTime) {
    this.settings = settings;
    this.images = images;
    this.nanoTime = nanoTime;
    this.trainer = new LocalTrainer(settings, InstantSource.system());
    this.pictures = noise(images, settings.input().stored().bytes());
    this.batch = new MiniBatchAssembler(settings.miniBatches()).assemble(pictures, 0);
    this.state =
        OptimizerState.start(
            NativeMemory.toArray(LocalTrainer.initialNetwork(settings).parameters()));
    trainer.begin(state);
  }

  /** The seconds of one step: forward, backward, clipping, AdamW. */
  public double step() {
    long start = nanoTime.getAsLong();
    trainer.step(state, batch, 0.5, 1);
    return (nanoTime.getAsLong() - start) / 1e9;
  }

  /** What matrix products alone do on the same threads. */
  public BlasCheck blas() {
    return BlasCheck.run(trainer.threads(), nanoTime);
  }

  /** The nanoseconds of one step by kernel; what is missing is outside of the kernels. */
  public Map<String, Long> kernels() {
    return trainer.threads().call(() -> KernelTimes.during(this::step, nanoTime));
  }

  /** The bytes that steps hold outside of the heap, computed and not measured. */
  public long memory() {
    return settings.stepMemory(images).bytes(trainer.manifest().length());
  }

  /** The pace of so many steps with their mini-batches, as in a round. */
  public Pace withData(int steps) {
    RowGroup group = new RowGroup("noise", 0, images, 1);
    TableRows rows = new TableRows(List.of(group), 1, settings.seed(), ignored -> pictures);
    List<StepPlan> plans = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      plans.add(new StepPlan(step, List.of(new Range(0, images)), 0.5));
    }
    WorkerResult result = trainer.train(0, state, plans, rows);
    this.state = result.state();
    return result.pace();
  }

  private static List<PatchRow> noise(int count, int bytes) {
    List<PatchRow> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] patches = new byte[bytes];
      new SplittableRandom(i).nextBytes(patches);
      pictures.add(new PatchRow("noise " + i, "noise " + i, null, patches));
    }
    return pictures;
  }
}
