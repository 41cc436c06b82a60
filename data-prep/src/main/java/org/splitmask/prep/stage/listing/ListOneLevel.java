/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import java.io.IOException;
import java.util.Iterator;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.common.session.FileNameEncoding;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Listable;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.item.SourceOptions;

/** Lists one folder, table or part of a list, not what is below it. */
record ListOneLevel(Broadcast<SerializableConfiguration> hadoop, SourceOptions options)
    implements FlatMapFunction<Listable, Finding> {
  @Override
  public Iterator<Finding> call(Listable pending) throws IOException {
    SourceContext context = new SourceContext(hadoop.value().value(), options);
    return new RefusalsAsFindings(
        () -> {
          FileNameEncoding.checkExecutor();
          return pending.list(context);
        });
  }
}
