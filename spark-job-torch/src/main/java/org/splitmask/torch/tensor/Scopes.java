/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.tensor;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** How long the tensors live that Java code has in its hands. */
public final class Scopes {
  private Scopes() {}

  /**
   * Frees what work made, but for its result, which lives as long as the scope around this call.
   * What autograd needs for the backward pass it holds itself: so the scope around a part of a
   * network decides how much memory the forward pass takes.
   */
  public static Tensor freeingAllBut(Supplier<Tensor> work) {
    Tensor result;
    try (PointerScope scope = new PointerScope()) {
      result = work.get().retainReference();
    }
    PointerScope.getInnerScope().attach(result);
    result.releaseReference();
    return result;
  }
}
