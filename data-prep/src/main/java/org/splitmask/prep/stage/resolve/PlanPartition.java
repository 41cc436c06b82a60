/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.splitmask.prep.stage.labels.Labelling;
import scala.Tuple2;

/** Counts what there is to do in a range of hashes, and does nothing. */
public record PlanPartition(Labelling labelling, String runId)
    implements FlatMapFunction<Iterator<Tuple2<FileKey, ContentEntry>>, Tally> {
  @Override
  public Iterator<Tally> call(Iterator<Tuple2<FileKey, ContentEntry>> entries) {
    Tally tally = new Tally();
    GroupResolver resolver = new GroupResolver(labelling, runId, tally);
    ContentGroup.of(entries).forEachRemaining(resolver::resolve);
    return List.of(tally).iterator();
  }
}
