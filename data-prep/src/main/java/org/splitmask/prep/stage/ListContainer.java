/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.source.Container;
import org.splitmask.prep.source.Found;
import org.splitmask.prep.source.SourceContext;
import org.splitmask.prep.source.SourceOptions;

/** Lists what is in one container. */
record ListContainer(Broadcast<SerializableConfiguration> hadoop, SourceOptions options)
    implements FlatMapFunction<Container, Found> {
  @Override
  public Iterator<Found> call(Container container) throws IOException {
    SourceContext context = new SourceContext(hadoop.value().value(), options);
    return new RefusalsFound(() -> container.found(context));
  }
}
