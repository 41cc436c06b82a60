/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.function.LongSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.network.Autocast;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.ProductRate;

/** What matrix products alone do on a device, in a precision: the bound of a training step. */
record TorchProducts(ComputeDevice device, Precision precision) {
  private static final int HOST_SIDE = 1024;

  /** Large enough that a card's clock, and not its launches, is what is measured. */
  private static final int CARD_SIDE = 8192;

  private static final int PRODUCTS = 12;

  ProductRate measure(LongSupplier nanoTime) {
    int side = device.isCpu() ? HOST_SIDE : CARD_SIDE;
    ScalarType scalars = precision == Precision.BF16 ? ScalarType.BFloat16 : ScalarType.Float;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      new Autocast(device, precision).prepare();
      long[] sides = {side, side};
      // Of noise: a card that multiplies constants draws less power, and is faster.
      Tensor a = torch.torch_randn(sides, device.options(ScalarType.Float)).to(scalars);
      Tensor b = torch.torch_randn(sides, device.options(ScalarType.Float)).to(scalars);
      long shortest = Long.MAX_VALUE;
      for (int i = 0; i < PRODUCTS; i++) {
        long start = nanoTime.getAsLong();
        try (PointerScope one = new PointerScope()) {
          // Reading one of the product's elements waits for the product.
          torch.mm(a, b).select(0, 0).select(0, 0).to(ScalarType.Float).item_float();
        }
        shortest = Math.min(shortest, nanoTime.getAsLong() - start);
      }
      return new ProductRate("libtorch", 2.0 * side * side * side / shortest);
    } finally {
      device.emptyCache(); // these matrices are no part of a step's memory
    }
  }
}
