/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.task.LearningTask;

/**
 * The engine on libtorch: parameters, activations, gradients and moments stay on the device for all
 * steps of a round; only mini-batches go there, and only figures come back, when they are asked
 * for.
 */
final class TorchEngine<B extends MiniBatch> implements TrainingEngine<B> {
  private final Optimisation optimisation;
  private final Autocast autocast;
  private final int threads;
  private final TorchNetwork<B> network;
  private final FlatState state;
  private final TorchOptimizer optimizer;

  /** What steps told, float64 [T + 1], the gradient's norm last; still on the device. */
  private final List<Step> steps = new ArrayList<>();

  /** Whether all steps so far were finite, bool []; none before the first. */
  private @Nullable Tensor usable;

  /** Whether the flag is read after each step, which costs nothing on processors. */
  private final boolean readsFlag;

  private boolean isBroken;
  private long updatesBefore;

  TorchEngine(
      LearningTask<B> task,
      TorchNetwork<B> network,
      Optimisation optimisation,
      ComputeDevice device,
      Precision precision,
      int threads,
      boolean readsFlag) {
    this.readsFlag = readsFlag;
    this.autocast = new Autocast(device, precision);
    this.optimisation = optimisation;
    this.threads = threads;
    this.network = network;
    this.state = new FlatState(task.layout(), device);
    this.optimizer = new TorchOptimizer(optimisation, task.layout(), device);
  }

  private record Step(int images, double rate, Tensor told) {}

  @Override
  public void begin(ModelState start) {
    torch.set_num_threads(threads);
    autocast.prepare();
    forgetSteps();
    state.write(start);
    updatesBefore = start.updates();
  }

  @Override
  public boolean step(int images, Supplier<B> batches, double rate) {
    torch.set_num_threads(threads); // each thread has its own number
    if (isKnownToBeBroken()) {
      return false;
    }
    try {
      takeStep(images, batches, rate);
    } catch (RuntimeException | Error failure) {
      close(); // nothing of it is running, and a card's memory is wanted for the next try
      throw failure;
    }
    return !isKnownToBeBroken();
  }

  private void takeStep(int images, Supplier<B> batches, double rate) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      state.gradient().zero_();
      Tensor losses = gradients(images, batches);
      Tensor norm = TorchOptimizer.norm(state.gradient());
      Tensor finite = torch.isfinite(norm).logical_and(torch.isfinite(losses.select(0, 0)));
      Tensor now = usable == null ? finite : finite.logical_and(usable);
      optimizer.update(state, norm, now, rate, updatesBefore + steps.size() + 1);
      Tensor told = torch.cat(new TensorVector(losses, norm.reshape(1)), 0);
      steps.add(new Step(images, rate, told.retainReference()));
      remember(now.retainReference());
    }
  }

  private void remember(Tensor now) {
    if (usable != null) {
      usable.close();
    }
    usable = now;
  }

  /** Adds up the mean gradient of all images; what the losses were, float64 [T]. */
  private Tensor gradients(int images, Supplier<B> batches) {
    Tensor told = null;
    for (int part = 0; part < optimisation.batchesPerUpdate(); part++) {
      B batch = batches.get();
      Tensor weighted = gradients(batch, (double) batch.images() / images);
      told = told == null ? weighted : told.add(weighted);
    }
    return Check.present(told, "no mini-batch");
  }

  /** The same of a mini-batch, whose activations are freed at once. */
  private Tensor gradients(B batch, double weight) {
    Tensor told;
    try (PointerScope scope = new PointerScope();
        AutoGradMode guard = new AutoGradMode(true)) {
      TorchNetwork.Losses losses = autocast.during(() -> network.losses(batch, state));
      losses.total().mul(new Scalar(weight)).backward();
      told = losses.told().mul(new Scalar(weight)).retainReference();
    }
    PointerScope.getInnerScope().attach(told); // the step's, which frees it
    told.releaseReference();
    return told;
  }

  /** Whether a step was not finite, as far as that is known without waiting for a card. */
  private boolean isKnownToBeBroken() {
    if (!isBroken && readsFlag && usable != null) {
      isBroken = !usable.item_bool();
    }
    return isBroken;
  }

  @Override
  public List<StepMetrics> metrics() {
    List<StepMetrics> metrics = new ArrayList<>();
    for (Step step : steps) {
      double[] told = read(step.told());
      double[] losses = Arrays.copyOf(told, told.length - 1);
      StepMetrics taken =
          new StepMetrics(
              step.images(), network.figures(losses), step.rate(), told[told.length - 1]);
      metrics.add(taken);
      if (!taken.isFinite()) {
        isBroken = true;
        break;
      }
    }
    return metrics;
  }

  /** Figures from the device. */
  static double[] read(Tensor told) {
    double[] values = new double[(int) told.numel()];
    try (PointerScope scope = new PointerScope()) {
      new DoublePointer(told.cpu().data_ptr()).get(values);
    }
    return values;
  }

  @Override
  public ModelState state() {
    List<StepMetrics> metrics = metrics();
    long finite = metrics.stream().filter(StepMetrics::isFinite).count();
    return state.read(updatesBefore + finite);
  }

  private void forgetSteps() {
    isBroken = false;
    steps.forEach(step -> step.told().close());
    steps.clear();
    if (usable != null) {
      usable.close();
      usable = null;
    }
  }

  @Override
  public void close() {
    forgetSteps();
    optimizer.close();
    state.close();
  }
}
