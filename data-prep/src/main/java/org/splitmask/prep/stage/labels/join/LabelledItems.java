/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels.join;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.api.java.function.PairFunction;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.FileClaim;
import org.splitmask.prep.stage.labels.LabelSource;
import org.splitmask.prep.stage.labels.LinesOfKey;
import org.splitmask.prep.stage.labels.LinesOfKey.Decision;
import org.splitmask.prep.stage.labels.ListedKey;
import org.splitmask.prep.stage.labels.ListedLine;
import org.splitmask.prep.stage.labels.ListedVerdict;
import org.splitmask.prep.stage.labels.NearPaths;
import org.splitmask.prep.stage.labels.NearPaths.Near;
import org.splitmask.prep.stage.labels.PathKinds;
import org.splitmask.prep.stage.listing.Listing;
import scala.Tuple2;

/**
 * Listed items with what a label file says of them, for {@link LabelSource.Listed}. Lines and items
 * meet by their {@link ListedKey} in a shuffle: neither the driver nor a task holds the whole file.
 */
public final class LabelledItems {
  private final String labels;
  private final PathKinds kinds;
  private final ListedKey key;
  private final HashPartitioner partitioner;

  private LabelledItems(String labels, PathKinds kinds, int tasks) {
    this.labels = labels;
    this.kinds = kinds;
    this.key = new ListedKey(kinds);
    this.partitioner = new HashPartitioner(tasks);
  }

  /**
   * The listing. Items that the label file lists have its label, split and group as hints; the
   * others have none.
   *
   * @param labels where the label file is
   * @param byGroup whether pictures of one group are in one split
   * @throws org.splitmask.common.failure.SplitMaskException blaming the data where a path is no
   *     file or could be two, or where lines contradict each other
   */
  public static Listing of(
      JavaSparkContext spark, Listing listing, String labels, boolean byGroup, Configuration hadoop)
      throws IOException {
    SentLines.Read read = SentLines.read(spark, labels, hadoop);
    LabelledItems labelled = new LabelledItems(labels, read.kinds(), listing.tasks());
    JavaRDD<byte[]> lines =
        byGroup
            ? GroupsInOneSplit.of(labels, read.kinds(), labelled.partitioner, read.lines())
            : read.lines();
    return new Listing(labelled.join(lines, listing.items()), listing.tally());
  }

  private JavaRDD<SourceItem> join(JavaRDD<byte[]> lines, JavaRDD<SourceItem> items) {
    JavaRDD<Decision> decisions =
        lines
            .mapToPair(new LineByKey(key))
            .cogroup(items.flatMapToPair(new ItemByKeys(key)), partitioner)
            .map(new Decide(labels, kinds));
    ListedVerdict verdict = verdict(decisions.mapPartitions(new Judge(labels)));
    JavaRDD<FileClaim> claims = decisions.flatMap(decision -> decision.files().iterator());
    if (kinds.absolute()) { // some files may have two keys
      claims =
          claims.mapToPair(new ClaimByPath()).reduceByKey(partitioner, FileClaim::plus).values();
      verdict = verdict.plus(verdict(claims.mapPartitions(new JudgeFiles(labels))));
    }
    verdict.check(labels, paths -> near(paths, items));
    return claims.map(FileClaim::labelled);
  }

  private static ListedVerdict verdict(JavaRDD<ListedVerdict> parts) {
    return parts.collect().stream().reduce(ListedVerdict.NOTHING, ListedVerdict::plus);
  }

  private static List<String> near(List<String> paths, JavaRDD<SourceItem> items) {
    Search search = new Search(new ArrayList<>(paths));
    return NearPaths.nearest(paths, items.mapPartitions(search).collect());
  }

  private record LineByKey(ListedKey key) implements PairFunction<byte[], String, byte[]> {
    @Override
    public Tuple2<String, byte[]> call(byte[] line) {
      return new Tuple2<>(key.of(ListedLine.ofBytes(line)), line);
    }
  }

  private record ItemByKeys(ListedKey key)
      implements PairFlatMapFunction<SourceItem, String, SourceItem> {
    @Override
    public Iterator<Tuple2<String, SourceItem>> call(SourceItem item) {
      return key.of(item).stream().map(of -> new Tuple2<>(of, item)).iterator();
    }
  }

  private record ClaimByPath() implements PairFunction<FileClaim, String, FileClaim> {
    @Override
    public Tuple2<String, FileClaim> call(FileClaim claim) {
      return new Tuple2<>(claim.item().path(), claim);
    }
  }

  private record Decide(String labels, PathKinds kinds)
      implements Function<
          Tuple2<String, Tuple2<Iterable<byte[]>, Iterable<SourceItem>>>, Decision> {
    @Override
    public Decision call(Tuple2<String, Tuple2<Iterable<byte[]>, Iterable<SourceItem>>> ofKey) {
      List<ListedLine> lines = new ArrayList<>();
      ofKey._2()._1().forEach(line -> lines.add(ListedLine.ofBytes(line)));
      List<SourceItem> items = new ArrayList<>();
      ofKey._2()._2().forEach(items::add);
      return LinesOfKey.decide(labels, kinds, lines, items);
    }
  }

  private record Judge(String labels)
      implements FlatMapFunction<Iterator<Decision>, ListedVerdict> {
    @Override
    public Iterator<ListedVerdict> call(Iterator<Decision> decisions) {
      ListedVerdict verdict = ListedVerdict.NOTHING;
      while (decisions.hasNext()) {
        Decision decision = decisions.next();
        verdict = verdict.plus(ListedVerdict.of(decision));
        for (FileClaim claim : decision.files()) {
          verdict = verdict.plus(ListedVerdict.of(labels, claim));
        }
      }
      return List.of(verdict).iterator();
    }
  }

  private record JudgeFiles(String labels)
      implements FlatMapFunction<Iterator<FileClaim>, ListedVerdict> {
    @Override
    public Iterator<ListedVerdict> call(Iterator<FileClaim> claims) {
      ListedVerdict verdict = ListedVerdict.NOTHING;
      while (claims.hasNext()) {
        verdict = verdict.plus(ListedVerdict.of(labels, claims.next()));
      }
      return List.of(verdict).iterator();
    }
  }

  private record Search(List<String> paths) implements FlatMapFunction<Iterator<SourceItem>, Near> {
    @Override
    public Iterator<Near> call(Iterator<SourceItem> items) {
      return NearPaths.search(paths, items).iterator();
    }
  }
}
