/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.stage.compare.CompareWithTable;
import org.splitmask.prep.stage.labels.LabelCount;
import org.splitmask.prep.stage.labels.LabelCount.Places;
import org.splitmask.prep.stage.labels.LabelQuotas;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.LabelSource.Given;
import org.splitmask.prep.stage.labels.LabelledPicture;
import org.splitmask.prep.stage.resolve.ContentEntry.Present;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.Split;
import scala.Tuple2;

/** Finds the picture that will stand for a content, before any is decoded. */
public record CountLabels(LabelSource labels)
    implements FlatMapFunction<ContentGroup, LabelledPicture> {

  /** The quotas of all labels. Labels are all that grows here, on the driver or in a task. */
  public static LabelQuotas quotas(
      JavaPairRDD<FileKey, ContentEntry> entries, LabelSource labels, SplitConfig shares) {
    JavaRDD<LabelledPicture> pictures =
        entries.mapPartitions(ContentGroup::of).flatMap(new CountLabels(labels));
    Map<String, Places> places = new TreeMap<>();
    pictures
        .mapPartitionsToPair(new CountPartition())
        .reduceByKey(LabelCount::plus)
        .mapValues(count -> count.places(shares))
        .collect()
        .forEach(label -> places.put(label._1(), label._2()));
    places.values().removeIf(none -> none.testAndValidation() == 0);
    LabelQuotas quotas = new LabelQuotas();
    RanksOfLabels.bounds(pictures, places).forEach(label -> quotas.put(label._1(), label._2()));
    return quotas;
  }

  @Override
  public Iterator<LabelledPicture> call(ContentGroup group) {
    LabelledPicture picture = picture(group);
    return picture == null ? Collections.emptyIterator() : List.of(picture).iterator();
  }

  private @Nullable LabelledPicture picture(ContentGroup group) {
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
      return null; // gone, or known to be no picture
    }
    Given given = labels.of(keeper.item());
    Split split = row == null ? given.split() : row.info().split();
    return LabelledPicture.of(given.label(), split, group.hash());
  }

  private record CountPartition()
      implements PairFlatMapFunction<Iterator<LabelledPicture>, String, LabelCount> {
    @Override
    public Iterator<Tuple2<String, LabelCount>> call(Iterator<LabelledPicture> pictures) {
      Map<String, LabelCount> counts = new TreeMap<>();
      while (pictures.hasNext()) {
        LabelledPicture picture = pictures.next();
        counts.computeIfAbsent(picture.label(), label -> new LabelCount()).add(picture);
      }
      List<Tuple2<String, LabelCount>> pairs = new ArrayList<>();
      counts.forEach((label, count) -> pairs.add(new Tuple2<>(label, count)));
      return pairs.iterator();
    }
  }
}
