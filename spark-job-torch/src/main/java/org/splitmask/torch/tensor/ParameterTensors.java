/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.tensor;

import org.bytedeco.pytorch.Tensor;

/** The tensors of a network. */
@FunctionalInterface
public interface ParameterTensors {
  /** One of them, by its name in the layout. */
  Tensor parameter(String name);
}
