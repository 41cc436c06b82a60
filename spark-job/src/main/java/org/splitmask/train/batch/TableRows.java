/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.schedule.Range;

/** The rows at the places of an epoch's order, straight from the table's row groups. */
public final class TableRows {
  private final List<RowGroup> groups;
  private final int mixed;
  private final long seed;
  private final Function<RowGroup, List<PatchRow>> reader;
  private final Map<Integer, EpochOrder> orders = new ConcurrentHashMap<>();

  /**
   * A reader of one split of one snapshot.
   *
   * @param groups its row groups, in the snapshot's order
   * @param mixed how many row groups are mixed at a time
   * @param reader gives the rows of a group, {@link RowGroupCache#rows}
   */
  public TableRows(
      List<RowGroup> groups, int mixed, long seed, Function<RowGroup, List<PatchRow>> reader) {
    this.groups = List.copyOf(groups);
    this.mixed = mixed;
    this.seed = seed;
    this.reader = reader;
  }

  /** The rows at these places of an epoch's order. */
  public List<PatchRow> rows(int epoch, List<Range> places) {
    orders.keySet().removeIf(other -> other < epoch - 1);
    EpochOrder order = orders.computeIfAbsent(epoch, e -> new EpochOrder(groups, mixed, seed, e));
    List<PatchRow> rows = new ArrayList<>();
    for (Range range : places) {
      order.visit(range, (group, row) -> rows.add(reader.apply(group).get(row)));
    }
    return rows;
  }
}
