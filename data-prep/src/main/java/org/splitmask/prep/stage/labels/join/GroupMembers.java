/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.shuffle.KeyPartitioner;
import org.splitmask.prep.table.Split;
import scala.Tuple2;

/**
 * Tells the members of groups which split their group is in. Spark sorts the split of a group
 * before its members, so a task holds one member at a time, however large a group is.
 */
final class GroupMembers {
  private GroupMembers() {}

  /** Puts a member into the split of its group. */
  interface PutIn<T> extends Serializable {
    T split(T member, Split split);
  }

  /**
   * All members, in any order.
   *
   * @param splits of those groups that have one
   * @param members by their group
   * @param in for members of those groups; the others stay as they are
   */
  static <T extends Serializable> JavaRDD<T> inTheirSplits(
      JavaPairRDD<String, Split> splits, JavaPairRDD<String, T> members, int tasks, PutIn<T> in) {
    JavaPairRDD<Place, Part<T>> first =
        splits.mapToPair(
            group -> new Tuple2<>(new Place(group._1(), false), new Part<>(group._2(), null)));
    JavaPairRDD<Place, Part<T>> then =
        members.mapToPair(
            member -> new Tuple2<>(new Place(member._1(), true), new Part<>(null, member._2())));
    return first
        .union(then)
        .repartitionAndSortWithinPartitions(new ByGroup(tasks))
        .mapPartitions(new Unite<>(in));
  }

  /** A group's split comes before its members. */
  private record Place(String group, boolean member) implements Comparable<Place>, Serializable {
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::group).thenComparing(Place::member);

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** A group's split, or one member. */
  private record Part<T extends Serializable>(@Nullable Split split, @Nullable T member)
      implements Serializable {}

  private static final class ByGroup extends KeyPartitioner<Place> {
    private static final long serialVersionUID = 1L;

    ByGroup(int partitions) {
      super(partitions);
    }

    @Override
    protected int partitionOf(Place key) {
      return Math.floorMod(key.group().hashCode(), numPartitions());
    }
  }

  private record Unite<T extends Serializable>(PutIn<T> in)
      implements FlatMapFunction<Iterator<Tuple2<Place, Part<T>>>, T> {
    @Override
    public Iterator<T> call(Iterator<Tuple2<Place, Part<T>>> sorted) {
      return new United<>(sorted, in);
    }
  }

  /** Emits members; keeps the split of the group that it is in. */
  private static final class United<T extends Serializable> implements Iterator<T> {
    private final Iterator<Tuple2<Place, Part<T>>> sorted;
    private final PutIn<T> in;
    private @Nullable String group;
    private @Nullable Split split;
    private @Nullable T next;

    United(Iterator<Tuple2<Place, Part<T>>> sorted, PutIn<T> in) {
      this.sorted = sorted;
      this.in = in;
    }

    @Override
    public boolean hasNext() {
      while (next == null && sorted.hasNext()) {
        take(sorted.next());
      }
      return next != null;
    }

    private void take(Tuple2<Place, Part<T>> part) {
      T member = part._2().member();
      if (member == null) {
        group = part._1().group();
        split = part._2().split();
      } else if (split != null && part._1().group().equals(group)) {
        next = in.split(member, split);
      } else {
        next = member;
      }
    }

    @Override
    public T next() {
      T member = hasNext() ? next : null;
      if (member == null) {
        throw new NoSuchElementException("all members have been taken");
      }
      next = null;
      return member;
    }
  }
}
