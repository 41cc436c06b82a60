/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.source.item.Container;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.item.SourceOptions;

/** Lists what is in one container. */
record ListContainer(Broadcast<SerializableConfiguration> hadoop, SourceOptions options)
    implements FlatMapFunction<Container, Finding> {
  @Override
  public Iterator<Finding> call(Container container) throws IOException {
    SourceContext context = new SourceContext(hadoop.value().value(), options);
    return new RefusalsAsFindings(() -> container.list(context));
  }
}
