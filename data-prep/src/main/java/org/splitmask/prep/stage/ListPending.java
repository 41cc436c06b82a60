/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.source.Found;
import org.splitmask.prep.source.ParquetColumns;
import org.splitmask.prep.source.Pending;
import org.splitmask.prep.source.SourceContext;

/**
 * Lists one folder, table or part of a list, not what is below it.
 *
 * @param matched takes the globs that were matched; a retry that adds one again does no harm
 */
record ListPending(
    Broadcast<SerializableConfiguration> hadoop,
    ParquetColumns columns,
    CollectionAccumulator<String> matched)
    implements FlatMapFunction<Pending, Found> {
  @Override
  public Iterator<Found> call(Pending pending) throws IOException {
    Iterator<Found> found = pending.list(new SourceContext(hadoop.value().value(), columns));
    if (pending.completes() != null && found.hasNext()) {
      matched.add(pending.completes());
    }
    return found;
  }
}
