/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * All entries of one content, in the order of their paths.
 *
 * @param hash SHA-256 of the content
 */
record ContentGroup(String hash, List<ContentEntry> entries) {

  /** Cuts a task's sorted entries into groups; one group is in memory at a time. */
  static Iterator<ContentGroup> of(Iterator<Tuple2<FileKey, ContentEntry>> sorted) {
    return new Groups(sorted);
  }

  private static final class Groups implements Iterator<ContentGroup> {
    private final Iterator<Tuple2<FileKey, ContentEntry>> sorted;
    private @Nullable Tuple2<FileKey, ContentEntry> next;

    Groups(Iterator<Tuple2<FileKey, ContentEntry>> sorted) {
      this.sorted = sorted;
      advance();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public ContentGroup next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      String hash = next._1().hash();
      List<ContentEntry> entries = new ArrayList<>(1);
      while (next != null && next._1().hash().equals(hash)) {
        entries.add(next._2());
        advance();
      }
      return new ContentGroup(hash, entries);
    }

    private void advance() {
      next = sorted.hasNext() ? sorted.next() : null;
    }
  }
}
