/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

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
record ContentGroup(String hash, List<Entry> entries) {

  /** Cuts a task's sorted entries into groups; one group is in memory at a time. */
  static Iterator<ContentGroup> of(Iterator<Tuple2<FileKey, Entry>> sorted) {
    return new Groups(sorted);
  }

  private static final class Groups implements Iterator<ContentGroup> {
    private final Iterator<Tuple2<FileKey, Entry>> sorted;
    private @Nullable Tuple2<FileKey, Entry> next;

    Groups(Iterator<Tuple2<FileKey, Entry>> sorted) {
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
      List<Entry> entries = new ArrayList<>(1);
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
