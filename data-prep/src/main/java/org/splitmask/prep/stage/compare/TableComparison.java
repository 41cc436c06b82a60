/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFunction;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.stage.listing.ByPath;
import org.splitmask.prep.stage.listing.Listing;
import org.splitmask.prep.table.KnownRow;
import scala.Tuple2;

/**
 * What was listed beside what the table knows.
 *
 * @param candidates a listed or known file each, dealt out by path: one folder may hold most files
 */
public record TableComparison(JavaRDD<Candidate> candidates, ComparisonSummary summary) {
  public static TableComparison of(
      Listing listing, JavaRDD<KnownRow> known, CompareWithTable compare, Labelling labelling) {
    int tasks = listing.tasks();
    JavaRDD<Candidate> candidates =
        listing
            .items()
            .mapToPair(new ByPath())
            .cogroup(known.mapToPair(new RowByPath()), new HashPartitioner(tasks))
            .flatMap(compare);
    if (listing.tally().unreadable() > 0 || listing.tally().damaged() > 0) {
      candidates = HiddenRows.retain(candidates, listing);
    }
    if (listing.ofContainers()) {
      candidates = inReadingOrder(candidates, tasks);
    }
    Set<String> damaged =
        listing.tally().damages().stream()
            .map(Finding.Damage::container)
            .collect(Collectors.toCollection(TreeSet::new));
    ComparisonSummary summary =
        candidates
            .mapPartitions(new ComparisonSummary.OfPartition(labelling, compare.scopes(), damaged))
            .collect()
            .stream()
            .reduce(ComparisonSummary.NOTHING, ComparisonSummary::plus);
    return new TableComparison(candidates, summary);
  }

  /** Items that only come in order are brought together by their container, the others stay. */
  private static JavaRDD<Candidate> inReadingOrder(JavaRDD<Candidate> candidates, int tasks) {
    JavaRDD<Candidate> sequential =
        candidates
            .filter(new IsReadSequentially(true))
            .mapToPair(new ByReadKey())
            .repartitionAndSortWithinPartitions(new ReadKey.ByContainer(tasks))
            .values();
    return candidates.filter(new IsReadSequentially(false)).union(sequential);
  }

  private record IsReadSequentially(boolean wanted) implements Function<Candidate, Boolean> {
    @Override
    public Boolean call(Candidate candidate) {
      boolean sequential =
          candidate instanceof Candidate.Read read && read.item().access() == Access.SEQUENTIAL;
      return sequential == wanted;
    }
  }

  private record ByReadKey() implements PairFunction<Candidate, ReadKey, Candidate> {
    @Override
    public Tuple2<ReadKey, Candidate> call(Candidate candidate) {
      return new Tuple2<>(ReadKey.of(((Candidate.Read) candidate).item()), candidate);
    }
  }

  private record RowByPath() implements PairFunction<KnownRow, String, KnownRow> {
    @Override
    public Tuple2<String, KnownRow> call(KnownRow row) {
      return new Tuple2<>(row.file().path(), row);
    }
  }
}
