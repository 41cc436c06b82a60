/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.config.SourceConfig;
import org.splitmask.prep.source.InputRoots;
import org.splitmask.prep.source.item.Container;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Listable;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.source.item.SourceOptions;
import scala.Tuple2;

/**
 * Lists sources level by level, each level in parallel: the driver holds the folders of one level
 * and never the files, of which there may be millions. Containers are dealt out one by one, and
 * each is read by one task.
 */
public final class FileListing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileListing.class);
  private static final int FOLDERS_PER_TASK = 16;
  private static final int MOST_TASKS = 10_000;

  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final SourceConfig config;
  private final List<JavaRDD<?>> kept = new ArrayList<>();
  private final ListingTally tally = new ListingTally();

  public FileListing(
      JavaSparkContext spark, Broadcast<SerializableConfiguration> hadoop, SourceConfig config) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.config = config;
  }

  /** All items below the roots; computed, and kept until this is closed. */
  public Listing list(InputRoots roots) {
    SourceOptions options =
        new SourceOptions(config.columns(), config.archiveCharset(), roots.output());
    JavaRDD<Finding> found = found(roots, options);
    JavaRDD<SourceItem> items =
        items(found)
            // Folders are listed by many small tasks, of which each further look would pay for all.
            .coalesce(Listing.tasks(spark.defaultParallelism(), tally.items()));
    if (tally.containers() > 0) {
      items = items.union(items(inside(found, options)));
    }
    checkRefusals();
    if (roots.mayRepeat() || config.columns().name() != null) {
      items = items.mapToPair(new ByPath()).reduceByKey(new OnePath()).values();
    }
    return new Listing(items, tally);
  }

  /** Everything that is found, folder by folder. */
  private JavaRDD<Finding> found(InputRoots roots, SourceOptions options) {
    List<JavaRDD<Finding>> levels = new ArrayList<>();
    levels.add(spark.parallelize(roots.found(), 1));
    List<Listable> pending = pendingOf(List.of(ListedLevel.of(roots.found().iterator())));
    while (!pending.isEmpty()) {
      JavaRDD<Finding> level =
          keep(
              spark
                  .parallelize(pending, tasks(pending.size(), spark.defaultParallelism()))
                  .flatMap(new ListOneLevel(hadoop, options)));
      levels.add(level);
      pending = pendingOf(level.mapPartitions(new ListedLevel.OfPartition()).collect());
      checkRefusals();
    }
    Set<String> unmatched = new TreeSet<>(roots.globs());
    unmatched.removeAll(tally.matched());
    unmatched.removeAll(roots.matched());
    Check.that(unmatched.isEmpty(), "nothing matches %s (--input)", String.join(", ", unmatched));
    return union(levels);
  }

  private JavaRDD<Finding> inside(JavaRDD<Finding> found, SourceOptions options) {
    long before = tally.items();
    JavaRDD<Finding> inside =
        keep(
            found
                .filter(new Is(Container.class))
                .map(f -> (Container) f)
                .zipWithIndex()
                .mapToPair(Tuple2::swap)
                // By their numbers: no task has two before every task has one.
                .partitionBy(new HashPartitioner((int) Math.min(tally.containers(), MOST_TASKS)))
                .values()
                .flatMap(new ListContainer(hadoop, options)));
    inside.mapPartitions(new ListedLevel.OfPartition()).collect().stream()
        .map(ListedLevel::tally)
        .forEach(tally::add);
    LOG.info("{} items in {} containers", tally.items() - before, tally.containers());
    return inside;
  }

  /** A refusal ends the run: the first says why. */
  private void checkRefusals() {
    if (!tally.refusals().isEmpty()) {
      Finding.Refusal first = tally.refusals().get(0);
      throw new SplitMaskException(first.blame(), first.message());
    }
  }

  private <T> JavaRDD<T> keep(JavaRDD<T> listed) {
    JavaRDD<T> persisted = listed.persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(persisted);
    return persisted;
  }

  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
  }

  /** Few things are spread over the cores; of many, some share a task. */
  static int tasks(int pending, int parallelism) {
    int shared = (pending + FOLDERS_PER_TASK - 1) / FOLDERS_PER_TASK;
    return Math.max(Math.min(pending, 4 * parallelism), shared);
  }

  private List<Listable> pendingOf(List<ListedLevel> parts) {
    List<Listable> pending = new ArrayList<>();
    for (ListedLevel part : parts) {
      pending.addAll(part.pending());
      tally.add(part.tally());
    }
    return pending;
  }

  private static JavaRDD<SourceItem> items(JavaRDD<Finding> found) {
    return found.filter(new Is(Finding.Item.class)).map(f -> ((Finding.Item) f).item());
  }

  private JavaRDD<Finding> union(List<JavaRDD<Finding>> parts) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    JavaRDD<Finding>[] array = parts.toArray(new JavaRDD[0]);
    return spark.union(array);
  }

  private record Is(Class<? extends Finding> kind) implements Function<Finding, Boolean> {
    @Override
    public Boolean call(Finding found) {
      return kind.isInstance(found);
    }
  }
}
