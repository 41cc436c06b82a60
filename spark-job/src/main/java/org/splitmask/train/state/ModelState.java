/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

/** θ and Adam's moments after so many updates, wherever they are. */
public interface ModelState {
  /** How the vectors are cut. */
  Segments segments();

  /** A segment, from 0; a copy or a view that stays as it is while the state is in use. */
  StateSegment segment(int index);

  /** How many updates have been made, over all rounds. */
  long updates();
}
