/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

/** What a run does with the rows that a table has. */
public enum ExistingRows {
  /** They stay unless their files changed; the settings must be those that they were made with. */
  KEPT,
  /** All go in the run's commit, and with them the settings that they were made with. */
  REPLACED
}
