/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.table.RejectedRow;
import org.splitmask.prep.table.write.RowEdit;

/**
 * What is to be done for one content.
 *
 * @param edit of the row that the table has of it
 * @param rejected the rows that are among the rejected ones from now on
 * @param undecided files that have to be decoded, the one to keep first
 * @param events what is to be counted of it, in the order of paths
 */
record Resolution(
    @Nullable RowEdit edit,
    List<RejectedRow> rejected,
    List<Present> undecided,
    List<CountedEvent> events) {
  Resolution {
    rejected = List.copyOf(rejected);
    undecided = List.copyOf(undecided);
    events = List.copyOf(events);
  }
}
