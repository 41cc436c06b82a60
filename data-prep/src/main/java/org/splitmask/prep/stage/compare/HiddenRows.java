/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.Optional;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.listing.Listing;
import scala.Tuple2;

/**
 * Keeps the rows of files that were not found because what they lie in could not be opened: a disk
 * that is not mounted, a folder without permission, a damaged archive. They are not gone; nobody
 * could look. There may be millions of either, so that they are joined and not collected.
 */
final class HiddenRows {
  private HiddenRows() {}

  /** The candidates, of which those that are hidden are retained. */
  static JavaRDD<Candidate> retain(JavaRDD<Candidate> candidates, Listing listing) {
    int tasks = listing.tasks();
    JavaRDD<Candidate> gone = candidates.filter(new IsGone(true));
    JavaPairRDD<String, String> hiddenBy =
        gone.flatMapToPair(new ByEachAbove())
            .join(hidden(listing, tasks), tasks)
            .mapToPair(pair -> new Tuple2<>(pair._2()._1(), pair._1()))
            .reduceByKey(HiddenPaths::nearer, tasks);
    return candidates
        .filter(new IsGone(false))
        .union(
            gone.mapToPair(row -> new Tuple2<>(HiddenPaths.path(row), row))
                .leftOuterJoin(hiddenBy, tasks)
                .values()
                .map(new Retain()));
  }

  /** What cannot be opened, and archives that hold more than is found in them. */
  private static JavaPairRDD<String, String> hidden(Listing listing, int tasks) {
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(listing.items().context());
    List<String> damaged = HiddenPaths.damaged(listing.tally().damages());
    return listing
        .items()
        .filter(SourceItem::hidesWhatIsBelow)
        .map(SourceItem::path)
        .union(spark.parallelize(damaged, 1))
        .distinct(tasks)
        .mapToPair(path -> new Tuple2<>(path, path));
  }

  private record IsGone(boolean wanted) implements Function<Candidate, Boolean> {
    @Override
    public Boolean call(Candidate candidate) {
      return HiddenPaths.isMissed(candidate) == wanted;
    }
  }

  /** A row's path under each folder and container that it lies in. */
  private record ByEachAbove() implements PairFlatMapFunction<Candidate, String, String> {
    @Override
    public Iterator<Tuple2<String, String>> call(Candidate gone) {
      String path = HiddenPaths.path(gone);
      return HiddenPaths.above(gone).stream().map(a -> new Tuple2<>(a, path)).iterator();
    }
  }

  private record Retain() implements Function<Tuple2<Candidate, Optional<String>>, Candidate> {
    @Override
    public Candidate call(Tuple2<Candidate, Optional<String>> row) {
      return HiddenPaths.judged(row._1(), row._2().orNull());
    }
  }
}
