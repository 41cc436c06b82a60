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
import org.splitmask.train.batch.MiniBatchLoader;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.engine.DeviceUse;
import org.splitmask.train.engine.ProductRate;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.schedule.Range;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.state.OptimizerState;

/**
 * The step that workers take, on pictures of noise: with a mini-batch that is there, and with
 * mini-batches that are made ahead of it.
 */
public final class StepBenchmark<B extends MiniBatch> implements AutoCloseable {
  private static final double PROGRESS = 0.5;

  private final TrainerSettings<B> settings;
  private final int images;
  private final LongSupplier nanoTime;
  private final LocalTrainer<B> trainer;
  private final List<PatchRow> pictures;
  private final B batch;
  private final OptimizerState start;

  /**
   * A benchmark.
   *
   * @param images of a mini-batch
   * @param pictureBytes of a stored picture
   */
  public StepBenchmark(
      TrainerSettings<B> settings, int images, int pictureBytes, LongSupplier nanoTime) {
    this.settings = settings;
    this.images = images;
    this.nanoTime = nanoTime;
    this.pictures = noise(images, pictureBytes);
    try (MiniBatchAssembler<B> assembler = settings.task().assembler()) {
      this.batch = assembler.assemble(pictures, 0);
    }
    this.start =
        OptimizerState.start(InitialParameters.all(settings.task().layout(), settings.seed()));
    this.trainer = new LocalTrainer<>(settings, InstantSource.system());
    trainer.engine().begin(start);
  }

  /** The seconds of one step: forward, backward, clipping, AdamW. */
  public double step() {
    double rate = settings.optimisation().rate().at(PROGRESS);
    long began = nanoTime.getAsLong();
    trainer.engine().step(images, () -> batch, rate);
    trainer.engine().finish();
    return (nanoTime.getAsLong() - began) / 1e9;
  }

  /** What matrix products alone do on the same device, in the same precision. */
  public ProductRate products() {
    return trainer.engine().products(nanoTime);
  }

  /** What the steps used until now of a device with a memory of its own. */
  public DeviceUse use() {
    return trainer.engine().use();
  }

  /** The nanoseconds of one step by kernel; what is missing is outside of the kernels. */
  public Map<String, Long> kernels() {
    return trainer.engine().times(this::step, nanoTime);
  }

  /** The bytes that steps hold outside of the heap, computed and not measured. */
  public long memory() {
    return settings.engine().outsideBytes(settings.task(), images);
  }

  /** The pace of so many steps with their mini-batches, as in a round. */
  public Pace withData(int steps) {
    List<StepPlan> plans = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      plans.add(new StepPlan(step, List.of(new Range(0, images)), PROGRESS));
    }
    return trainer.train(0, start, plans, rows()).pace();
  }

  /**
   * The images a second that the loader's threads make ready while nothing else is computed.
   *
   * @param batches that are timed; before and after them all threads are busy too
   */
  public double loaderRate(int batches) {
    int threads = settings.loading().threads();
    List<MiniBatchLoader.Request> requests = new ArrayList<>();
    for (int i = 0; i < batches + 3 * threads; i++) {
      requests.add(new MiniBatchLoader.Request(i, List.of(new Range(0, images))));
    }
    try (MiniBatchLoader<B> loader = new MiniBatchLoader<>(settings.task()::assembler, threads);
        MiniBatchLoader<B>.Batches made = loader.load(requests, rows())) {
      for (int i = 0; i < 2 * threads; i++) {
        made.next(); // while the threads start, and what is ahead is made
      }
      long began = nanoTime.getAsLong();
      for (int i = 0; i < batches; i++) {
        made.next();
      }
      return batches * images / ((nanoTime.getAsLong() - began) / 1e9);
    }
  }

  private TableRows rows() {
    RowGroup group = new RowGroup("noise", 0, images, 1);
    return new TableRows(List.of(group), 1, settings.seed(), ignored -> pictures);
  }

  /** Pictures of noise. */
  static List<PatchRow> noise(int count, int bytes) {
    List<PatchRow> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] patches = new byte[bytes];
      new SplittableRandom(i).nextBytes(patches);
      pictures.add(new PatchRow("noise " + i, "noise " + i, null, patches));
    }
    return pictures;
  }

  @Override
  public void close() {
    trainer.close();
  }
}
