/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.ProductRate;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.kernel.KernelTimes;
import org.splitmask.train.kernel.library.BlasCheck;
import org.splitmask.train.kernel.library.KernelThreads;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.task.GradientNetwork;
import org.splitmask.train.task.LearningTask;
import org.splitmask.train.task.StepFigures;

/**
 * The engine on this machine's processors: the task's network computes gradients in native memory,
 * AdamW updates Java arrays and writes the parameters back.
 */
public final class HostEngine<B extends MiniBatch> implements TrainingEngine<B> {
  private final Optimisation optimisation;
  private final KernelThreads threads;
  private final GradientNetwork<B> network;
  private final FlatOptimizer optimizer;
  private final OptimizerState state;
  private final List<StepMetrics> metrics = new ArrayList<>();
  private long updatesBefore;

  /**
   * An engine.
   *
   * @param threads that its kernels share
   */
  public HostEngine(LearningTask<B> task, Optimisation optimisation, int threads) {
    ParameterManifest layout = task.layout();
    this.threads = new KernelThreads(threads);
    this.optimisation = optimisation;
    this.optimizer = new FlatOptimizer(optimisation, layout);
    this.state = OptimizerState.start(new float[layout.length()]);
    this.network = task.network(); // last: where the heap is short, there is nothing to close
  }

  /** θ, both moments and the gradient; the sum of several mini-batches' gradients is in double. */
  public static long heapBytes(int parameters, int batchesPerUpdate) {
    long vectors = 4L * Float.BYTES + (batchesPerUpdate > 1 ? Double.BYTES : 0);
    return vectors * parameters;
  }

  @Override
  public void begin(ModelState start) {
    state.write(start);
    updatesBefore = start.updates();
    metrics.clear();
    NativeMemory.copy(state.parameters(), network.parameters());
  }

  @Override
  public boolean step(int images, Supplier<B> batches, double rate) {
    if (!isFinite()) {
      return false;
    }
    metrics.add(threads.call(() -> takeStep(images, batches, rate)));
    return isFinite();
  }

  private boolean isFinite() {
    return metrics.isEmpty() || metrics.get(metrics.size() - 1).isFinite();
  }

  private StepMetrics takeStep(int images, Supplier<B> batches, double rate) {
    StepFigures figures = computeGradients(images, batches);
    double norm = optimizer.read(network.gradients());
    StepMetrics taken = new StepMetrics(images, figures, rate, norm);
    if (taken.isFinite()) {
      double clip = optimisation.clipNorm();
      float scale = (float) Math.min(1, clip / (norm + 1e-6)); // as PyTorch
      long update = updatesBefore + metrics.size() + 1;
      optimizer.update(state, scale, rate, update, network.parameters());
    }
    return taken;
  }

  /**
   * The mean gradient of all images, in the network or in the optimizer's sum over mini-batches.
   */
  private StepFigures computeGradients(int images, Supplier<B> batches) {
    int parts = optimisation.batchesPerUpdate();
    if (parts == 1) {
      return network.computeGradients(batches.get());
    }
    StepFigures figures = null;
    optimizer.clearSum();
    for (int part = 0; part < parts; part++) {
      B batch = batches.get();
      double weight = (double) batch.images() / images;
      StepFigures weighted = network.computeGradients(batch).times(weight);
      figures = figures == null ? weighted : figures.plus(weighted);
      optimizer.accumulate(network.gradients(), weight);
    }
    optimizer.moveSum(network.gradients());
    return Check.present(figures, "no mini-batch");
  }

  @Override
  public List<StepMetrics> metrics() {
    return List.copyOf(metrics);
  }

  @Override
  public ModelState state() {
    return new OptimizerState(
        state.parameters(),
        state.firstMoment(),
        state.secondMoment(),
        updatesBefore + (isFinite() ? metrics.size() : metrics.size() - 1));
  }

  /** The kernels of one thread, by what they compute and on which shape. */
  @Override
  public Map<String, Long> times(Runnable steps, LongSupplier nanoTime) {
    return threads.call(() -> KernelTimes.during(steps, nanoTime));
  }

  @Override
  public ProductRate products(LongSupplier nanoTime) {
    BlasCheck check = BlasCheck.run(threads, nanoTime);
    return new ProductRate(check.library(), check.gigaflops());
  }

  @Override
  public void close() {
    try (threads) {
      network.close();
    }
  }
}
