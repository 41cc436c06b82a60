/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

/** What one pass of a network reads; what is in it is the learning task's own. */
public interface MiniBatch {
  /** N. */
  int images();
}
