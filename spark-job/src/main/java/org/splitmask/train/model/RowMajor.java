/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;

/** Arrays as the kernels want them; those of DL4J's own layers are often not. */
final class RowMajor {
  private RowMajor() {}

  /** The array itself if its elements lie one after the other in row-major order, else a copy. */
  static INDArray of(INDArray array) {
    boolean isRowMajor = array.ordering() == 'c' && Shape.hasDefaultStridesForShape(array);
    return isRowMajor ? array : array.dup('c');
  }
}
