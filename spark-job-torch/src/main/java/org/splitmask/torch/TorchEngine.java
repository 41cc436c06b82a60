/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.torch.device.ClaimedDevice;
import org.splitmask.torch.device.NativeThreads;
import org.splitmask.torch.network.Autocast;
import org.splitmask.torch.network.BlockChain;
import org.splitmask.torch.network.TorchNetwork;
import org.splitmask.torch.tensor.FlatState;
import org.splitmask.torch.tensor.Scopes;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.engine.DeviceUse;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.ProductRate;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.state.ModelState;

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

  private final ClaimedDevice device;
  private final boolean recomputesBlocks;
  private final OutOfMemory room;

  /** The images of the largest mini-batch until now, for a message. */
  private int largestBatch;

  private boolean isBroken;
  private boolean isClosed;
  private long updatesBefore;

  /**
   * An engine.
   *
   * @param network closed with the engine, as the device is
   * @param room for the message where a step finds no memory
   */
  TorchEngine(
      ParameterManifest layout,
      TorchNetwork<B> network,
      Optimisation optimisation,
      EngineSettings settings,
      int threads,
      ClaimedDevice device,
      OutOfMemory room) {
    this.device = device;
    this.recomputesBlocks = settings.recomputesBlocks();
    this.room = room;
    this.autocast = new Autocast(device.device(), settings.precision());
    this.optimisation = optimisation;
    this.threads = threads;
    this.network = network;
    this.state = new FlatState(layout, device.device());
    try {
      this.optimizer = new TorchOptimizer(optimisation, layout, device.device());
    } catch (RuntimeException | Error failure) {
      state.close(); // the card's memory is wanted for the next try
      throw failure;
    }
  }

  private record Step(int images, double rate, Tensor told) {}

  @Override
  public void begin(ModelState start) {
    closingOnFailure(
        () -> {
          autocast.prepare();
          forgetSteps();
          state.write(start);
          updatesBefore = start.updates();
          return true;
        });
  }

  @Override
  public boolean step(int images, Supplier<B> batches, double rate) {
    return closingOnFailure(
        () -> {
          if (isKnownToBeBroken()) {
            return false;
          }
          takeStep(images, batches, rate);
          return !isKnownToBeBroken();
        });
  }

  /**
   * Works on the device. After a failure the engine is closed at once: the card and its memory are
   * wanted for the next try.
   */
  private <T> T closingOnFailure(Supplier<T> work) {
    Check.invariant(!isClosed, "the engine is closed");
    try {
      device.device().enter(); // which card and how many threads is each thread's own matter
      NativeThreads.use(threads);
      return work.get();
    } catch (RuntimeException | Error failure) {
      close();
      if (OutOfMemory.is(failure)) {
        SplitMaskException refusal = room.refusal(device.device(), largestBatch);
        refusal.addSuppressed(failure);
        throw refusal;
      }
      throw failure;
    }
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
    largestBatch = Math.max(largestBatch, batch.images());
    try (AutoGradMode guard = new AutoGradMode(true)) {
      BlockChain blocks = new BlockChain(autocast, recomputesBlocks);
      return Scopes.freeingAllBut(() -> network.gradients(batch, state, weight, blocks));
    }
  }

  /** Whether a step was not finite, as far as that is known without waiting for a card. */
  private boolean isKnownToBeBroken() {
    if (!isBroken && !device.device().answersLate() && usable != null) {
      isBroken = !usable.item_bool();
    }
    return isBroken;
  }

  @Override
  public List<StepMetrics> metrics() {
    return closingOnFailure(this::readMetrics);
  }

  private List<StepMetrics> readMetrics() {
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
  public void finish() {
    closingOnFailure(
        () -> {
          if (!device.device().isCpu()) {
            torch.synchronizeDevice((byte) device.device().ordinal());
          }
          return true;
        });
  }

  @Override
  public ProductRate products(LongSupplier nanoTime) {
    return closingOnFailure(
        () -> new TorchProducts(device.device(), autocast.precision()).measure(nanoTime));
  }

  @Override
  public DeviceUse use() {
    // The cache of freed memory does not shrink, so what is missing now is the most that was taken.
    long taken =
        device.free().isPresent()
            ? Math.max(0, device.free().getAsLong() - device.device().freeBytes())
            : 0;
    return new DeviceUse(network.bytesCopied(), taken);
  }

  /** May be called again. */
  @Override
  public void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    try {
      device.device().enter();
      forgetSteps();
      optimizer.close();
      state.close();
      network.close();
      device.device().emptyCache(); // another process may be next on this card
    } finally {
      device.close();
    }
  }
}
