/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.bytedeco.pytorch.Tensor;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.task.StepFigures;

/**
 * A learning task's forward pass in libtorch's operations; autograd finds the gradients.
 *
 * @param <B> the task's mini-batches
 */
interface TorchNetwork<B extends MiniBatch> {
  /**
   * The losses of a mini-batch.
   *
   * @return what is minimised and what is told of the step; all of it still on the device
   */
  Losses losses(B batch, FlatState parameters);

  /**
   * The figures of a step, from what {@link #losses} told, read back.
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
}
