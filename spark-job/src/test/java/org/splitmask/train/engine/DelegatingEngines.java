/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.host.HostEngines;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.task.LearningTask;

/** Engines that are not known to the configuration; they count what is open in this process. */
public record DelegatingEngines() implements EngineFactory {
  /** How many are open. */
  public static final AtomicInteger OPEN = new AtomicInteger();

  /** How many steps they have taken. */
  public static final AtomicInteger STEPS = new AtomicInteger();

  @Override
  public <B extends MiniBatch> TrainingEngine<B> open(
      LearningTask<B> task, Optimisation optimisation, int threads) {
    OPEN.incrementAndGet();
    return new Delegating<>(new HostEngines().open(task, optimisation, threads));
  }

  @Override
  public long heapBytes(int parameters, int batchesPerUpdate) {
    return new HostEngines().heapBytes(parameters, batchesPerUpdate);
  }

  @Override
  public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
    return task.stepBytes(images);
  }

  private record Delegating<B extends MiniBatch>(TrainingEngine<B> engine)
      implements TrainingEngine<B> {
    @Override
    public void begin(ModelState start) {
      engine.begin(start);
    }

    @Override
    public boolean step(int images, Supplier<B> batches, double rate) {
      STEPS.incrementAndGet();
      return engine.step(images, batches, rate);
    }

    @Override
    public List<StepMetrics> metrics() {
      return engine.metrics();
    }

    @Override
    public ModelState state() {
      return engine.state();
    }

    @Override
    public void close() {
      OPEN.decrementAndGet();
      engine.close();
    }
  }
}
