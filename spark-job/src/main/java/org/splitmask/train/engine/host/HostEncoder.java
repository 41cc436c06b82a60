/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine.host;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.engine.FrozenEncoder;
import org.splitmask.train.kernel.library.KernelThreads;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.VisionEncoder;

/** An encoder on this machine's processors, with its native memory. */
public final class HostEncoder implements FrozenEncoder {
  /** Every block of the encoder keeps what it computed of these; 64 pictures of 64 patches. */
  private static final int PATCHES_AT_ONCE = 4096;

  private static final int MOST_PICTURES = 64;

  private final int patches;
  private final KernelThreads threads;
  private final VisionEncoder encoder;

  /**
   * An encoder with these parameters.
   *
   * @param parameters in the encoder's own layout
   */
  public HostEncoder(NetworkShape shape, float[] parameters, int threads) {
    this.patches = shape.patches();
    this.threads = new KernelThreads(threads);
    this.encoder = new VisionEncoder(shape, parameters);
  }

  @Override
  public List<float[]> features(float[] pixels) {
    return threads.call(
        () -> {
          try (INDArray means = encoder.encode(pixels).mean(1)) {
            return List.of(means.toFloatMatrix());
          }
        });
  }

  @Override
  public int picturesAtOnce() {
    return Math.max(1, Math.min(MOST_PICTURES, PATCHES_AT_ONCE / patches));
  }

  @Override
  public void close() {
    try (threads) {
      encoder.close();
    }
  }
}
