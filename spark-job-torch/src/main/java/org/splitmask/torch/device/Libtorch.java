/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;

/**
 * The native library. The one for GPUs is linked with CUDA's, so that on a machine without these it
 * cannot be loaded for processors either.
 */
public final class Libtorch {
  /** How Linux says which library another one wants and does not find. */
  private static final Pattern ABSENT =
      Pattern.compile("(lib[\\w.+-]+): cannot open shared object");

  /** Why it could not be loaded; at the second try Java no longer tells. */
  private static @Nullable String reason;

  private Libtorch() {}

  /**
   * Loads it, with the first call in this process.
   *
   * @return how many cards it sees
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user where it cannot be
   *     loaded, with the library that is missing
   */
  public static int cards() {
    return cards(torch::cuda_device_count);
  }

  /** The same, by another way to ask. */
  public static synchronized int cards(IntSupplier count) {
    try {
      return count.getAsInt();
    } catch (LinkageError failure) {
      if (reason == null) {
        reason = reason(failure);
      }
      throw Check.failure(
          Blame.USER,
          "libtorch cannot be loaded: %s. The spark-job-torch.jar for GPUs needs CUDA 13's"
              + " libraries, which the image of deploy/docker/Dockerfile.gpu has; without GPUs take"
              + " the jar for processors (docs/gpu.md)",
          reason);
    }
  }

  /** Whether the class path has the natives for GPUs. */
  static boolean isForCards() {
    return torch.class.getResource("/org/bytedeco/pytorch/linux-x86_64-gpu/libjnitorch.so") != null;
  }

  /** The innermost reason: what the loader said of the library that it could not open. */
  static String reason(LinkageError failure) {
    String told = String.valueOf(failure.getMessage());
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Matcher absent = ABSENT.matcher(String.valueOf(cause.getMessage()));
      if (absent.find()) {
        return absent.group(1) + " is not installed, or not where the loader looks";
      }
    }
    return told;
  }
}
