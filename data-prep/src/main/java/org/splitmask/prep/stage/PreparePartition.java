/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.config.ImageConfig;
import org.splitmask.prep.source.SourceReader;
import org.splitmask.prep.table.TaskWriter;
import org.splitmask.prep.table.WriteTarget;
import scala.Tuple2;

/**
 * One task: decodes the files of a range of hashes, in their order, and writes their rows.
 *
 * @param prepared for progress alone: retries count twice
 */
record PreparePartition(
    ImageConfig images,
    Labelling labelling,
    Broadcast<WriteTarget> target,
    Broadcast<SerializableConfiguration> hadoop,
    LongAccumulator prepared)
    implements FlatMapFunction<Iterator<Tuple2<FileKey, HashedFile>>, TaskOutcome> {
  @Override
  public Iterator<TaskOutcome> call(Iterator<Tuple2<FileKey, HashedFile>> files)
      throws IOException {
    TaskContext task = TaskContext.get();
    try (TaskWriter writer =
            new TaskWriter(target.value(), task.partitionId(), task.taskAttemptId());
        SourceReader reader = new SourceReader(hadoop.value().value())) {
      PictureSink sink = new PictureSink(images, labelling, writer, reader);
      while (files.hasNext()) {
        Tuple2<FileKey, HashedFile> file = files.next();
        sink.take(file._1(), file._2());
        prepared.add(1);
      }
      return List.of(new TaskOutcome(writer.finish(), sink.tally())).iterator();
    }
  }
}
