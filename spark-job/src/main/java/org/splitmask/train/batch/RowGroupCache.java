/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
  private final Map<RowGroup, CompletableFuture<List<PatchRow>>> rows =
      new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** The row groups of a table. */
  public RowGroupCache(Configuration hadoop, long mostBytes) {
    this(group -> RowGroupReader.read(group, hadoop), mostBytes);
  }

  RowGroupCache(Function<RowGroup, List<PatchRow>> reader, long mostBytes) {
    this.reader = reader;
    this.mostBytes = mostBytes;
  }

  /** The rows of a group, read if they are not here; who asks meanwhile waits for the same. */
  public List<PatchRow> rows(RowGroup group) {
    CompletableFuture<List<PatchRow>> mine = new CompletableFuture<>();
    CompletableFuture<List<PatchRow>> here;
    synchronized (rows) {
      here = rows.get(group);
      if (here == null) {
        rows.put(group, mine);
        bytes += group.bytes();
        evict(group);
      }
    }
    return here == null ? read(group, mine) : join(here);
  }

  private List<PatchRow> read(RowGroup group, CompletableFuture<List<PatchRow>> promise) {
    try {
      List<PatchRow> read = reader.apply(group);
      promise.complete(read);
      return read;
    } catch (RuntimeException | Error e) {
      synchronized (rows) {
        if (rows.remove(group, promise)) {
          bytes -= group.bytes();
        }
      }
      promise.completeExceptionally(e);
      throw e;
    }
  }

  private static List<PatchRow> join(CompletableFuture<List<PatchRow>> here) {
    try {
      return here.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /** What the groups in it hold, as {@link RowGroup#bytes} counts. */
  long bytes() {
    synchronized (rows) {
      return bytes;
    }
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
