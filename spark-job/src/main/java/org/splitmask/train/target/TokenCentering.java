/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.target;

/** What is taken off a patch before it is compared with the vocabulary. */
public enum TokenCentering {
  /** Nothing but the model's normalisation. */
  GLOBAL,
  /** The patch's mean over all values. */
  PATCH,
  /** The mean of each channel. */
  CHANNEL
}
