/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.bytedeco.pytorch.Tensor;

/** The tensors of a network. */
@FunctionalInterface
interface ParameterTensors {
  /** One of them, by its name in the layout. */
  Tensor parameter(String name);
}
