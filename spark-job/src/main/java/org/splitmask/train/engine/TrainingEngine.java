/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.state.ModelState;

/**
 * What computes training steps, and where: it holds parameters, activations, gradients and moments,
 * on whatever device, and nobody else knows where. Begin with a state, take steps, read what they
 * reported and the state that they came to; begin again as often as you like; close. One thread at
 * a time.
 *
 * <p>Equal states, mini-batches and rates give equal bits within one kind of engine on one kind of
 * device.
 */
public interface TrainingEngine<B extends MiniBatch> extends AutoCloseable {
  /** Takes a state over; forgets the steps before. The state is left as it is. */
  void begin(ModelState start);

  /**
   * One step: forward, backward, clip, update, over as many mini-batches as make one update. A step
   * whose loss or gradient is not finite changes nothing, nor do the steps after it.
   *
   * @param images of all its mini-batches together
   * @param batches gives them one after the other
   * @param rate the learning rate
   * @return false if it is known by now that a step was not finite; an engine may learn that later
   */
  boolean step(int images, Supplier<B> batches, double rate);

  /** What each step since {@link #begin} reported, in order, up to the first that is not finite. */
  List<StepMetrics> metrics();

  /**
   * The state that the steps came to. Its segments can be read until the engine begins again or is
   * closed.
   */
  ModelState state();

  /**
   * For benchmarks: what takes how long while something runs on this engine.
   *
   * @return nanoseconds by part, empty where the engine cannot tell
   */
  default Map<String, Long> times(Runnable steps, LongSupplier nanoTime) {
    steps.run();
    return Map.of();
  }

  /** For benchmarks: waits until the device has computed all steps so far. */
  default void finish() {}

  /**
   * For benchmarks: how fast matrix products alone are on the same device, with the same threads
   * and in the same precision; measures for some tenths of a second.
   */
  default ProductRate products(LongSupplier nanoTime) {
    return ProductRate.UNKNOWN;
  }

  /** For benchmarks: what it used until now of a device with a memory of its own. */
  default DeviceUse use() {
    return DeviceUse.NONE;
  }

  /** Frees everything that it holds outside of the heap. */
  @Override
  void close();
}
