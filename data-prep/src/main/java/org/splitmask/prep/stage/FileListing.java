/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

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
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.Container;
import org.splitmask.prep.source.Found;
import org.splitmask.prep.source.InputRoots;
import org.splitmask.prep.source.ParquetColumns;
import org.splitmask.prep.source.Pending;
import org.splitmask.prep.source.SourceItem;
import scala.Tuple2;

/**
 * Lists sources level by level, each level in parallel: the driver holds the folders of one level
 * and never the files, of which there may be millions. Containers are dealt out one by one, and
 * each is read by one task.
 */
final class FileListing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileListing.class);
  private static final int FOLDERS_PER_TASK = 16;
  private static final int MOST_TASKS = 10_000;

  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final ParquetColumns columns;
  private final List<JavaRDD<?>> kept = new ArrayList<>();
  private long files;
  private long containers;

  FileListing(
      JavaSparkContext spark, Broadcast<SerializableConfiguration> hadoop, ParquetColumns columns) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.columns = columns;
  }

  /** All items below the roots; computed, and kept until this is closed. */
  Listing list(InputRoots roots) {
    JavaRDD<Found> found = found(roots);
    JavaRDD<SourceItem> items =
        found
            .filter(new Is(Found.Item.class))
            .map(f -> ((Found.Item) f).item())
            // Folders are listed by many small tasks, of which each further look would pay for all.
            .coalesce(Listing.tasks(spark.defaultParallelism(), files));
    if (containers > 0) {
      items = items.union(inside(found.filter(new Is(Container.class)).map(f -> (Container) f)));
    }
    if (roots.mayRepeat() || columns.name() != null) {
      items = items.mapToPair(new ByPath()).reduceByKey(new OnePath()).values();
    }
    return new Listing(items, files, containers > 0);
  }

  /** Everything that is found, folder by folder. */
  private JavaRDD<Found> found(InputRoots roots) {
    CollectionAccumulator<String> matched = spark.sc().collectionAccumulator("matched globs");
    List<JavaRDD<Found>> levels = new ArrayList<>();
    levels.add(spark.parallelize(roots.found(), 1));
    List<Pending> pending = pendingOf(List.of(ListedLevel.of(roots.found().iterator())));
    while (!pending.isEmpty()) {
      JavaRDD<Found> level =
          spark
              .parallelize(pending, tasks(pending.size()))
              .flatMap(new ListPending(hadoop, columns, matched))
              .persist(StorageLevel.MEMORY_AND_DISK());
      kept.add(level);
      levels.add(level);
      pending = pendingOf(level.mapPartitions(new ListedLevel.OfPartition()).collect());
    }
    Set<String> unmatched = new TreeSet<>(roots.globs());
    unmatched.removeAll(matched.value());
    Check.that(unmatched.isEmpty(), "nothing matches %s (--input)", String.join(", ", unmatched));
    return union(levels);
  }

  private JavaRDD<SourceItem> inside(JavaRDD<Container> containers) {
    IgnoredSidecars ignored = IgnoredSidecars.of(spark.sc());
    JavaRDD<SourceItem> items =
        containers
            .zipWithIndex()
            .mapToPair(Tuple2::swap)
            // By their numbers: no task has two before every task has one.
            .partitionBy(new HashPartitioner((int) Math.min(this.containers, MOST_TASKS)))
            .values()
            .flatMap(new ListContainer(hadoop, columns, ignored))
            .persist(StorageLevel.MEMORY_AND_DISK());
    kept.add(items);
    long inside = items.count();
    LOG.info("{} items in {} containers", inside, this.containers);
    files += inside;
    ignored.warn();
    return items;
  }

  @Override
  public void close() {
    kept.forEach(JavaRDD::unpersist);
  }

  /** Few things are spread over the cores; of many, some share a task. */
  private int tasks(int pending) {
    int shared = (pending + FOLDERS_PER_TASK - 1) / FOLDERS_PER_TASK;
    return Math.max(Math.min(pending, 4 * spark.defaultParallelism()), shared);
  }

  private List<Pending> pendingOf(List<ListedLevel> parts) {
    List<Pending> pending = new ArrayList<>();
    for (ListedLevel part : parts) {
      pending.addAll(part.pending());
      files += part.files();
      containers += part.containers();
    }
    return pending;
  }

  private JavaRDD<Found> union(List<JavaRDD<Found>> parts) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    JavaRDD<Found>[] array = parts.toArray(new JavaRDD[0]);
    return spark.union(array);
  }

  private record Is(Class<? extends Found> kind) implements Function<Found, Boolean> {
    @Override
    public Boolean call(Found found) {
      return kind.isInstance(found);
    }
  }
}
