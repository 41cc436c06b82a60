/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.stage.ListDirectory.Kind;
import org.splitmask.prep.stage.ListDirectory.Listed;

/**
 * Lists folders level by level, each level in parallel: the driver holds the folders of one level
 * and never the files, of which there may be millions.
 */
final class FileListing implements AutoCloseable {
  private static final int FOLDERS_PER_TASK = 16;

  private final JavaSparkContext spark;
  private final Broadcast<SerializableConfiguration> hadoop;
  private final List<JavaRDD<Listed>> levels = new ArrayList<>();

  FileListing(JavaSparkContext spark, Broadcast<SerializableConfiguration> hadoop) {
    this.spark = spark;
    this.hadoop = hadoop;
  }

  /** All files below the roots; computed, and kept until this is closed. */
  JavaRDD<SourceItem> files(List<Listed> roots) {
    List<Listed> folders = roots.stream().filter(r -> r.kind() == Kind.DIRECTORY).toList();
    List<Listed> single = roots.stream().filter(r -> r.kind() == Kind.FILE).toList();
    List<JavaRDD<SourceItem>> files = new ArrayList<>();
    files.add(spark.parallelize(single, 1).map(Listed::file));
    while (!folders.isEmpty()) {
      int tasks = (folders.size() + FOLDERS_PER_TASK - 1) / FOLDERS_PER_TASK;
      JavaRDD<Listed> level =
          spark
              .parallelize(folders, tasks)
              .flatMap(new ListDirectory(hadoop))
              .persist(StorageLevel.MEMORY_AND_DISK());
      levels.add(level);
      files.add(level.filter(new OfKind(Kind.FILE)).map(Listed::file));
      folders = level.filter(new OfKind(Kind.DIRECTORY)).collect();
    }
    return union(files);
  }

  @Override
  public void close() {
    levels.forEach(JavaRDD::unpersist);
  }

  private JavaRDD<SourceItem> union(List<JavaRDD<SourceItem>> parts) {
    @SuppressWarnings({"unchecked", "rawtypes"})
    JavaRDD<SourceItem>[] array = parts.toArray(new JavaRDD[0]);
    return spark.union(array);
  }

  private record OfKind(Kind kind)
      implements org.apache.spark.api.java.function.Function<Listed, Boolean> {
    @Override
    public Boolean call(Listed entry) {
      return entry.kind() == kind;
    }
  }
}
