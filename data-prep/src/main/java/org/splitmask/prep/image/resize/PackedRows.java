/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.resize;

/** The rows of a picture, four bytes in each int, the first in the lowest bits. */
interface PackedRows {
  /**
   * One row; asked for in ascending order, each once.
   *
   * @return valid until the next call
   */
  int[] row(int index);
}
