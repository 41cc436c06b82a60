/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.List;
import org.splitmask.prep.table.RejectedRow;

/** The row of a rejected file, and what is to be counted of it. */
record Rejection(RejectedRow row, List<CountedEvent> events) {
  Rejection {
    events = List.copyOf(events);
  }
}
