/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.source.Container;
import org.splitmask.prep.source.ParquetColumns;
import org.splitmask.prep.source.SourceContext;
import org.splitmask.prep.source.SourceItem;

/**
 * Lists the items of one container.
 *
 * @param ignored for a warning alone: retries count twice
 */
record ListContainer(
    Broadcast<SerializableConfiguration> hadoop, ParquetColumns columns, IgnoredSidecars ignored)
    implements FlatMapFunction<Container, SourceItem> {
  @Override
  public Iterator<SourceItem> call(Container container) throws IOException {
    SourceContext context = new SourceContext(hadoop.value().value(), columns);
    return container.items(context, why -> ignored.add(container.path() + "!/" + why));
  }
}
