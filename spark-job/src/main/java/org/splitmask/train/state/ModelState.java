/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

/** θ and Adam's moments after so many updates, wherever they are. */
public interface ModelState {
  /** How the vectors are cut. */
  Segments segments();

  /** A segment, from 0; its arrays stay as they are whatever becomes of the state afterwards. */
  StateSegment segment(int index);

  /** θ of a segment alone. */
  default float[] parameters(int index) {
    return segment(index).parameters();
  }

  /** How many updates have been made, over all rounds. */
  long updates();
}
