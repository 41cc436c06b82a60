/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import org.bytedeco.pytorch.Tensor;
import org.splitmask.torch.tensor.FlatState;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.task.StepFigures;

/**
 * A learning task's forward pass in libtorch's operations; autograd finds the gradients.
 *
 * @param <B> the task's mini-batches
 */
public interface TorchNetwork<B extends MiniBatch> extends AutoCloseable {
  /**
   * Adds a mini-batch's gradients to those of the parameters.
   *
   * @param weight the factor on its losses
   * @param blocks of this forward and backward pass
   * @return what is told of the mini-batch times the weight, float64 [T], still on the device
   */
  Tensor gradients(B batch, FlatState parameters, double weight, BlockChain blocks);

  /**
   * The figures of a step, from what {@link #gradients} told, read back.
   *
   * @param told float64 [T], the total first
   */
  StepFigures figures(double[] told);

  /**
   * What a forward pass came to.
   *
   * @param total float32 [], with a history for autograd
   * @param told float64 [T], the total first, without a history
   */
  record Losses(Tensor total, Tensor told) {}

  /** What mini-batches took to another device so far. */
  long bytesCopied();

  @Override
  void close();
}
