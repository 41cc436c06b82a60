/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.PairFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.shuffle.KeyPartitioner;
import org.splitmask.prep.stage.labels.LabelCount.Places;
import org.splitmask.prep.stage.labels.LabelQuotas.Bounds;
import org.splitmask.prep.stage.labels.LabelledPicture;
import scala.Tuple2;

/**
 * The ranks of new pictures, label by label and in order. Spark sorts them, on disk where they do
 * not fit: no task holds all ranks of a label.
 */
final class RanksOfLabels {
  private RanksOfLabels() {}

  /**
   * The bounds of labels.
   *
   * @param places of those labels that have bounds
   */
  static List<Tuple2<String, Bounds>> bounds(
      JavaRDD<LabelledPicture> pictures, Map<String, Places> places) {
    JavaPairRDD<Rank, Boolean> ranks =
        pictures
            .filter(picture -> picture.split() == null && places.containsKey(picture.label()))
            .mapToPair(new ByRank());
    return ranks
        .repartitionAndSortWithinPartitions(new ByLabel(pictures.getNumPartitions()))
        .mapPartitions(new FindBounds(places))
        .collect();
  }

  private record Rank(String label, String rank) implements Comparable<Rank>, Serializable {
    private static final Comparator<Rank> ORDER =
        Comparator.comparing(Rank::label).thenComparing(Rank::rank);

    @Override
    public int compareTo(Rank other) {
      return ORDER.compare(this, other);
    }
  }

  private record ByRank() implements PairFunction<LabelledPicture, Rank, Boolean> {
    @Override
    public Tuple2<Rank, Boolean> call(LabelledPicture picture) {
      return new Tuple2<>(new Rank(picture.label(), picture.rank()), true);
    }
  }

  private static final class ByLabel extends KeyPartitioner<Rank> {
    private static final long serialVersionUID = 1L;

    ByLabel(int partitions) {
      super(partitions);
    }

    @Override
    protected int partitionOf(Rank key) {
      return Math.floorMod(key.label().hashCode(), numPartitions());
    }
  }

  private record FindBounds(Map<String, Places> places)
      implements FlatMapFunction<Iterator<Tuple2<Rank, Boolean>>, Tuple2<String, Bounds>> {
    @Override
    public Iterator<Tuple2<String, Bounds>> call(Iterator<Tuple2<Rank, Boolean>> ranks) {
      List<Tuple2<String, Bounds>> bounds = new ArrayList<>();
      String label = null;
      RankBounds ofLabel = null;
      while (ranks.hasNext()) {
        Rank rank = ranks.next()._1();
        if (ofLabel == null || !rank.label().equals(label)) {
          add(label, ofLabel, bounds);
          label = rank.label();
          ofLabel = new RankBounds(Objects.requireNonNull(places.get(label)));
        }
        ofLabel.next(rank.rank());
      }
      add(label, ofLabel, bounds);
      return bounds.iterator();
    }

    private static void add(
        @Nullable String label, @Nullable RankBounds found, List<Tuple2<String, Bounds>> bounds) {
      if (label != null && found != null) {
        bounds.add(new Tuple2<>(label, found.bounds()));
      }
    }
  }
}
