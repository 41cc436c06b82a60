/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.listing.Listing;
import org.splitmask.prep.table.Split;
import scala.Tuple2;

/** Pictures of one group are in one split, where sidecars or columns say what the groups are. */
public final class GroupsOfSources {
  private GroupsOfSources() {}

  /**
   * The listing. A split that is said of one picture of a group is said of all of them.
   *
   * @param labels says which split a picture is in, if anything says it
   * @throws org.splitmask.common.failure.SplitMaskException where no picture is in a group, or a
   *     group is said to be in several splits
   */
  public static Listing inOneSplit(Listing listing, LabelSource labels) {
    JavaPairRDD<String, SourceItem> members = listing.items().flatMapToPair(new ByGroup());
    Check.that(
        !members.isEmpty(),
        "split-by=group, and no picture is in a group: groups are given by the column group of a"
            + " label file (--labels), by \"group\" in JSON sidecars, or by the column that"
            + " group-column names");
    JavaPairRDD<String, GroupSplits<String>> splits =
        members.flatMapToPair(new SplitOfItem(labels)).reduceByKey(GroupSplits::plus);
    JavaRDD<String> contradictions =
        splits
            .filter(group -> group._2().contradicts())
            .map(group -> contradiction(group._1(), group._2()));
    List<String> first = contradictions.takeOrdered(1);
    if (!first.isEmpty()) {
      throw Check.failure(Blame.DATA, "%s", first.get(0));
    }
    JavaRDD<SourceItem> united =
        GroupMembers.inTheirSplits(
            splits.mapValues(GroupSplits::split), members, listing.tasks(), GroupsOfSources::put);
    return new Listing(
        united.union(listing.items().filter(item -> groupOf(item) == null)), listing.tally());
  }

  private static @Nullable String groupOf(SourceItem item) {
    Hints hints = item.hints();
    return hints == null ? null : hints.group();
  }

  private static SourceItem put(SourceItem item, Split split) {
    Hints said = item.hints();
    return said == null
        ? item
        : item.withHints(new Hints(said.label(), split.word(), said.group()));
  }

  private static String contradiction(String group, GroupSplits<String> splits) {
    Entry<Split, String> first = splits.inOrder().get(0);
    Entry<Split, String> second = splits.inOrder().get(1);
    return String.join(
        "",
        first.getValue(),
        " puts the group ",
        group,
        " into the split ",
        first.getKey().word(),
        ", ",
        second.getValue(),
        " into ",
        second.getKey().word(),
        "; with split-by=group a group is in one");
  }

  private record ByGroup() implements PairFlatMapFunction<SourceItem, String, SourceItem> {
    @Override
    public Iterator<Tuple2<String, SourceItem>> call(SourceItem item) {
      String group = groupOf(item);
      return group == null
          ? List.<Tuple2<String, SourceItem>>of().iterator()
          : List.of(new Tuple2<>(group, item)).iterator();
    }
  }

  private record SplitOfItem(LabelSource labels)
      implements PairFlatMapFunction<Tuple2<String, SourceItem>, String, GroupSplits<String>> {
    @Override
    public Iterator<Tuple2<String, GroupSplits<String>>> call(Tuple2<String, SourceItem> member) {
      Split split = labels.of(member._2()).split();
      return split == null
          ? List.<Tuple2<String, GroupSplits<String>>>of().iterator()
          : List.of(new Tuple2<>(member._1(), GroupSplits.of(split, member._2().path())))
              .iterator();
    }
  }
}
