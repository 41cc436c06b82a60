/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Listable;

/**
 * What the driver is to know of a part of one level of folders; its files are not among it.
 *
 * @param pending to be listed next
 */
record ListedLevel(List<Listable> pending, ListingTally tally) implements Serializable {
  static ListedLevel of(Iterator<Finding> part) {
    List<Listable> pending = new ArrayList<>();
    ListingTally tally = new ListingTally();
    while (part.hasNext()) {
      Finding found = part.next();
      if (found instanceof Listable more) {
        pending.add(more);
      } else {
        tally.count(found);
      }
    }
    return new ListedLevel(pending, tally);
  }

  record OfPartition() implements FlatMapFunction<Iterator<Finding>, ListedLevel> {
    @Override
    public Iterator<ListedLevel> call(Iterator<Finding> part) {
      return List.of(of(part)).iterator();
    }
  }
}
