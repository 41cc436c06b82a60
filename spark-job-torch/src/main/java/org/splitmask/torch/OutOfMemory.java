/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.Locale;
import java.util.OptionalLong;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.torch.device.ComputeDevice;

/**
 * Says what to do where a step finds no memory.
 *
 * @param memory what steps were planned to need; none for a task whose memory is not known
 * @param free of the device before the engine took anything, in bytes, where that is known
 */
record OutOfMemory(TorchStepMemory memory, OptionalLong free) {
  private static final long MEGABYTE = 1 << 20;

  /** SplitMask matches pairs of images. */
  private static final int LEAST_IMAGES = 2;

  /**
   * Is this what libtorch says where an allocation fails, on a card or on processors? A full Java
   * heap says something else.
   */
  static boolean is(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return message.contains("out of memory")
        || message.contains("not enough memory")
        || message.contains("can't allocate memory");
  }

  /**
   * The refusal, which blames the configuration.
   *
   * @param images of the mini-batch that did not fit
   */
  SplitMaskException refusal(ComputeDevice device, int images) {
    StringBuilder message =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "%s has no memory for a step: a mini-batch of %d images needs about %d MB",
                device.words(),
                images,
                megabytes(memory.bytes(images))));
    free.ifPresent(
        bytes ->
            message
                .append(", and ")
                .append(megabytes(bytes))
                .append(" MB were free before the first step"));
    long fits = free.isPresent() ? fitting(free.getAsLong()) : images / 2;
    if (fits >= images) {
      // Then the plan is too low, or somebody else took memory in the meantime.
      fits = images * 3L / 4;
    }
    message.append("; ");
    if (fits >= LEAST_IMAGES) {
      message.append("batch-size=").append(fits).append(" should fit");
    } else {
      message.append(free.isPresent() ? "not even two images fit" : "use a smaller model");
    }
    if (!memory.recomputes()) {
      message.append(", and recompute-blocks=true needs less memory and more time");
    }
    return Check.failure(Blame.USER, "%s", message);
  }

  private long fitting(long bytes) {
    return Math.max(0, bytes - memory.fixedBytes()) / memory.imageBytes();
  }

  private static long megabytes(long bytes) {
    return (bytes + MEGABYTE - 1) / MEGABYTE;
  }
}
