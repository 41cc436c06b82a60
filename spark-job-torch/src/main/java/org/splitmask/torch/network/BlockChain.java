/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.splitmask.torch.tensor.Scopes;

/**
 * The blocks of one forward pass, and its backward pass. Either autograd keeps what blocks computed
 * in between, or the chain keeps their inputs alone and computes each block a second time when its
 * gradient is due (Chen et al., 1604.06174): the memory of one block in place of all, for a third
 * more time. Both give the same gradients.
 */
public final class BlockChain {
  private final Autocast autocast;
  private final boolean recomputes;
  private final List<Link> links = new ArrayList<>();

  public BlockChain(Autocast autocast, boolean recomputes) {
    this.autocast = autocast;
    this.recomputes = recomputes;
  }

  /**
   * One block.
   *
   * @param input of the block, which nothing else uses
   * @param output a leaf of autograd: what comes after the block begins there
   */
  private record Link(Tensor input, UnaryOperator<Tensor> block, Tensor output) {}

  /** A forward pass, in the precision of the run. */
  TorchNetwork.Losses forward(Supplier<TorchNetwork.Losses> pass) {
    return autocast.during(pass);
  }

  /**
   * A block's output.
   *
   * @param x the block's input, [B, T, D], used by this block alone
   */
  Tensor through(Tensor x, UnaryOperator<Tensor> block) {
    if (!recomputes) {
      return Scopes.freeingAllBut(() -> block.apply(x));
    }
    Tensor output;
    try (NoGradGuard guard = new NoGradGuard()) {
      output = Scopes.freeingAllBut(() -> block.apply(x)).detach();
    }
    output.set_requires_grad(true);
    links.add(new Link(x, block, output));
    return output;
  }

  /** Adds the gradients of a loss that the forward pass came to. */
  void backward(Tensor loss) {
    loss.backward();
    for (int i = links.size() - 1; i >= 0; i--) {
      backward(links.get(i));
    }
    links.clear();
  }

  private void backward(Link link) {
    try (PointerScope scope = new PointerScope();
        AutoGradMode guard = new AutoGradMode(true)) {
      Tensor input = link.input().detach().set_requires_grad(true);
      Tensor output = autocast.during(() -> link.block().apply(input));
      try (Tensor above = link.output().grad()) {
        backward(output, above);
      }
      link.output().mutable_grad().reset(); // it is used up
      Tensor gradient = input.grad();
      if (link.input().is_leaf()) {
        link.input().mutable_grad().put(gradient); // the output of the block before
      } else {
        backward(link.input(), gradient);
      }
    }
  }

  private static void backward(Tensor output, Tensor gradient) {
    // Neither keeps the graph for a second pass nor makes one of the gradients.
    output.backward(gradient, new BoolOptional(false), false, new TensorArrayRefOptional());
  }
}
