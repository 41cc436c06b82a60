/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.stage.compare.CompareWithTable;
import org.splitmask.prep.stage.labels.LabelCount;
import org.splitmask.prep.stage.labels.LabelQuotas;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.LabelSource.Given;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.table.KnownRow;
import scala.Tuple2;

/** Counts the pictures of a range of hashes by label, before any is decoded. */
public record CountLabels(LabelSource labels)
    implements PairFlatMapFunction<Iterator<Tuple2<FileKey, ContentEntry>>, String, LabelCount> {

  /** The quotas of all labels; a label's ranks are in one task's memory, 13 characters each. */
  public static LabelQuotas quotas(
      JavaPairRDD<FileKey, ContentEntry> entries, LabelSource labels, SplitConfig shares) {
    LabelQuotas quotas = new LabelQuotas();
    entries
        .mapPartitionsToPair(new CountLabels(labels))
        .reduceByKey(LabelCount::plus)
        .mapValues(count -> count.bounds(shares))
        .collect()
        .forEach(label -> quotas.put(label._1(), label._2()));
    return quotas;
  }

  @Override
  public Iterator<Tuple2<String, LabelCount>> call(
      Iterator<Tuple2<FileKey, ContentEntry>> entries) {
    Map<String, LabelCount> counts = new TreeMap<>();
    ContentGroup.of(entries).forEachRemaining(group -> count(group, counts));
    List<Tuple2<String, LabelCount>> pairs = new ArrayList<>();
    counts.forEach((label, count) -> pairs.add(new Tuple2<>(label, count)));
    return pairs.iterator();
  }

  private void count(ContentGroup group, Map<String, LabelCount> counts) {
    Present keeper = null;
    KnownRow.Picture row = null;
    boolean failed = false;
    for (ContentEntry entry : group.entries()) {
      if (entry.known() instanceof KnownRow.Picture picture) {
        row = picture;
      }
      if (entry instanceof Present present && present.refused() == null) {
        keeper = keeper == null ? present : keeper;
        failed |= present.known() != null && CompareWithTable.hasFailed(present.known());
      }
    }
    if (keeper == null || (row == null && failed)) {
      return; // gone, or known to be no picture
    }
    Given given = labels.of(keeper.item());
    LabelCount count =
        counts.computeIfAbsent(LabelQuotas.key(given.label()), label -> new LabelCount());
    if (row != null) {
      count.addKnown(row.info().split());
    } else if (given.split() != null) {
      count.addKnown(given.split());
    } else {
      count.addNew(group.hash());
    }
  }
}
