/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.splitmask.prep.source.Found;
import org.splitmask.prep.source.Pending;

/**
 * What the driver is to know of a part of one level of folders; its files are not among it.
 *
 * @param pending to be listed next
 */
record ListedLevel(List<Pending> pending, ListingTally tally) implements Serializable {
  static ListedLevel of(Iterator<Found> part) {
    List<Pending> pending = new ArrayList<>();
    ListingTally tally = new ListingTally();
    while (part.hasNext()) {
      Found found = part.next();
      if (found instanceof Pending more) {
        pending.add(more);
      } else {
        tally.count(found);
      }
    }
    return new ListedLevel(pending, tally);
  }

  record OfPartition() implements FlatMapFunction<Iterator<Found>, ListedLevel> {
    @Override
    public Iterator<ListedLevel> call(Iterator<Found> part) {
      return List.of(of(part)).iterator();
    }
  }
}
