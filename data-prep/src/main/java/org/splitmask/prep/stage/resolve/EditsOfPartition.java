/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.table.RowEdit;
import scala.Tuple2;

/** The edits of the table's rows that a range of hashes asks for, by data file. */
public record EditsOfPartition(Labelling labelling, String runId)
    implements PairFlatMapFunction<Iterator<Tuple2<FileKey, ContentEntry>>, String, RowEdit> {
  @Override
  public Iterator<Tuple2<String, RowEdit>> call(Iterator<Tuple2<FileKey, ContentEntry>> entries) {
    GroupResolver resolver = new GroupResolver(labelling, runId, new Tally());
    return stream(ContentGroup.of(entries))
        .map(resolver::resolve)
        .flatMap(resolution -> Stream.ofNullable(resolution.edit()))
        .map(edit -> new Tuple2<>(edit.dataFile(), edit))
        .iterator();
  }

  private static Stream<ContentGroup> stream(Iterator<ContentGroup> groups) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(groups, Spliterator.ORDERED), false);
  }
}
