/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.task;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.batch.MiniBatch;

/**
 * A network in this machine's memory that computes its loss and the loss's gradient. One thread at
 * a time. Its parameters are undefined until somebody writes them.
 */
public interface GradientNetwork<B extends MiniBatch> extends AutoCloseable {
  /** A forward and a backward pass; afterwards {@link #gradients()} holds the total's gradient. */
  StepFigures computeGradients(B batch);

  /** The flat float32 parameter vector, [count]; writing to it changes the network. */
  INDArray parameters();

  /** The flat gradient vector, [count], laid out as the parameters. */
  INDArray gradients();

  /** Frees all native memory; neither the network nor its vectors may be used any more. */
  @Override
  void close();
}
