/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;

/**
 * The row groups that were read last, up to a bound in bytes: a small table stays in memory, a
 * large one keeps what is being mixed. Shared by the workers of a process.
 */
public final class RowGroupCache {
  private final Function<RowGroup, List<PatchRow>> reader;
  private final long mostBytes;
  private final Map<RowGroup, List<PatchRow>> rows = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** The row groups of a table. */
  public RowGroupCache(Configuration hadoop, long mostBytes) {
    this(group -> RowGroupReader.read(group, hadoop), mostBytes);
  }

  RowGroupCache(Function<RowGroup, List<PatchRow>> reader, long mostBytes) {
    this.reader = reader;
    this.mostBytes = mostBytes;
  }

  /** The rows of a group, read if they are not here. */
  public List<PatchRow> rows(RowGroup group) {
    synchronized (rows) {
      List<PatchRow> here = rows.get(group);
      if (here != null) {
        return here;
      }
    }
    // Read outside the lock: two workers may read one group twice, but none waits for another's.
    List<PatchRow> read = reader.apply(group);
    synchronized (rows) {
      if (rows.put(group, read) == null) {
        bytes += group.bytes();
      }
      evict(group);
    }
    return read;
  }

  private void evict(RowGroup newest) {
    Iterator<RowGroup> eldest = rows.keySet().iterator();
    while (bytes > mostBytes && eldest.hasNext()) {
      RowGroup group = eldest.next();
      if (!group.equals(newest)) {
        eldest.remove();
        bytes -= group.bytes();
      }
    }
  }
}
