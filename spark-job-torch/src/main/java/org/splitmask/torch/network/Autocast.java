/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import java.util.function.Supplier;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.train.engine.Precision;

/**
 * A forward pass whose products and attention libtorch computes in bfloat16: it casts what goes
 * into them, and keeps norms and losses in float32. The switch is the thread's own.
 */
public record Autocast(ComputeDevice device, Precision precision) {
  /**
   * Lets a card's products of float32 drop bits, or not, and takes those of its algorithms that
   * give the same bits each time. These are the process's own switches.
   */
  public void prepare() {
    if (!device.isCpu()) {
      Context context = torch.globalContext();
      context.setFloat32MatmulPrecision(precision == Precision.TF32 ? "high" : "highest");
      context.setDeterministicAlgorithms(true, /* warnOnly= */ true);
      // Else libtorch would also write NaN into each tensor that it makes, for nothing.
      context.setDeterministicFillUninitializedMemory(false);
    }
  }

  /** A forward pass in this precision. */
  public <T> T during(Supplier<T> forward) {
    if (precision != Precision.BF16) {
      return forward.get();
    }
    torch.set_autocast_dtype(device.type(), ScalarType.BFloat16);
    torch.set_autocast_enabled(device.type(), true);
    try {
      return forward.get();
    } finally {
      torch.set_autocast_enabled(device.type(), false);
      torch.clear_cache(); // of weights that were cast: the next step has others
    }
  }
}
