/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import org.splitmask.train.schedule.Cursor;

/**
 * How far a run has come.
 *
 * @param round the last one that was done
 * @param cursor where the next one begins
 */
public record Progress(int round, Cursor cursor) {
  /** A run that has not begun. */
  public static final Progress NONE = new Progress(0, Cursor.start());
}
