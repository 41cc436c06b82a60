/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.common.session.FileNameEncoding;
import org.splitmask.prep.source.Found;
import org.splitmask.prep.source.Pending;
import org.splitmask.prep.source.SourceContext;
import org.splitmask.prep.source.SourceOptions;

/** Lists one folder, table or part of a list, not what is below it. */
record ListPending(Broadcast<SerializableConfiguration> hadoop, SourceOptions options)
    implements FlatMapFunction<Pending, Found> {
  @Override
  public Iterator<Found> call(Pending pending) throws IOException {
    SourceContext context = new SourceContext(hadoop.value().value(), options);
    return new RefusalsFound(
        () -> {
          FileNameEncoding.checkExecutor();
          return pending.list(context);
        });
  }
}
