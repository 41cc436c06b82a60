/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.Optional;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.stage.labels.ListedFault;
import org.splitmask.prep.stage.labels.ListedLine;
import org.splitmask.prep.stage.labels.PathKinds;
import scala.Tuple2;

/** Gives a split that a label file says of one picture of a group to the others of the group. */
final class GroupsInOneSplit {
  private GroupsInOneSplit() {}

  /**
   * The lines, those of a group in one split.
   *
   * @param labels the label file's name, for messages
   * @param lines as {@link ListedLine#toBytes} writes them
   */
  static JavaRDD<byte[]> of(
      String labels, PathKinds kinds, HashPartitioner partitioner, JavaRDD<byte[]> lines) {
    Check.data(
        kinds.groups(),
        "the label file %s has no column group, or an empty one; split-by=group needs it",
        labels);
    JavaPairRDD<String, GroupSplits> splits =
        lines.flatMapToPair(new SplitsOfLine()).reduceByKey(partitioner, GroupSplits::plus);
    JavaRDD<ListedFault> faults =
        splits
            .filter(group -> group._2().lines().size() > 1)
            .map(group -> group._2().fault(labels, group._1()));
    List<ListedFault> first = faults.takeOrdered(1);
    if (!first.isEmpty()) {
      throw new SplitMaskException(Blame.DATA, first.get(0).message());
    }
    return lines
        .flatMapToPair(new LineByGroup())
        .leftOuterJoin(splits, partitioner)
        .map(new Unite())
        .union(lines.filter(line -> ListedLine.ofBytes(line).group() == null));
  }

  private record SplitsOfLine() implements PairFlatMapFunction<byte[], String, GroupSplits> {
    @Override
    public Iterator<Tuple2<String, GroupSplits>> call(byte[] bytes) {
      ListedLine line = ListedLine.ofBytes(bytes);
      return line.group() == null || line.split() == null
          ? List.<Tuple2<String, GroupSplits>>of().iterator()
          : List.of(new Tuple2<>(line.group(), GroupSplits.of(line.split(), line.number())))
              .iterator();
    }
  }

  private record LineByGroup() implements PairFlatMapFunction<byte[], String, byte[]> {
    @Override
    public Iterator<Tuple2<String, byte[]>> call(byte[] bytes) {
      @Nullable String group = ListedLine.ofBytes(bytes).group();
      return group == null
          ? List.<Tuple2<String, byte[]>>of().iterator()
          : List.of(new Tuple2<>(group, bytes)).iterator();
    }
  }

  private record Unite()
      implements Function<Tuple2<String, Tuple2<byte[], Optional<GroupSplits>>>, byte[]> {
    @Override
    public byte[] call(Tuple2<String, Tuple2<byte[], Optional<GroupSplits>>> line) {
      byte[] bytes = line._2()._1();
      Optional<GroupSplits> splits = line._2()._2();
      return splits.isPresent()
          ? ListedLine.ofBytes(bytes).in(splits.get().split()).toBytes()
          : bytes;
    }
  }
}
