/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.Serializable;
import org.splitmask.prep.table.write.RowEdit;

/**
 * A part of what a task plans: the edits of the table's rows one by one, and behind them counts.
 */
public sealed interface PlanStep extends Serializable {
  /** A row of the table that changes or goes. */
  record Edit(RowEdit edit) implements PlanStep {}

  /** All that was counted in a range of hashes, before anything is decoded. */
  record Counts(Tally tally) implements PlanStep {}
}
