/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.config.ImageConfig;
import org.splitmask.prep.source.item.SourceReader;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.table.write.TaskWriter;
import org.splitmask.prep.table.write.WriteTarget;
import scala.Tuple2;

/**
 * One task: decodes the new contents of a range of hashes, in their order, and writes their rows
 * and those of all rejected files of the range.
 *
 * @param maxTime the most that decoding one picture may take
 * @param prepared for progress alone: retries count twice
 * @param rejected files of this run; for progress alone
 */
public record PreparePartition(
    ImageConfig images,
    Duration maxTime,
    Labelling labelling,
    Broadcast<WriteTarget> target,
    Broadcast<SerializableConfiguration> hadoop,
    LongAccumulator prepared,
    LongAccumulator rejected)
    implements FlatMapFunction<Iterator<Tuple2<FileKey, ContentEntry>>, TaskOutcome> {
  @Override
  public Iterator<TaskOutcome> call(Iterator<Tuple2<FileKey, ContentEntry>> entries)
      throws IOException {
    TaskContext task = TaskContext.get();
    Tally tally = new Tally();
    try (TaskWriter writer =
            new TaskWriter(target.value(), task.partitionId(), task.taskAttemptId());
        SourceReader reader = new SourceReader(hadoop.value().value())) {
      GroupResolver resolver = new GroupResolver(labelling, target.value().runId());
      PictureSink sink =
          new PictureSink(images, images.decoder(maxTime), resolver, writer, reader, tally);
      Iterator<ContentGroup> groups = ContentGroup.of(entries);
      long told = 0;
      while (groups.hasNext()) {
        ContentGroup group = groups.next();
        Resolution resolution = resolver.resolve(group);
        resolution.rejected().forEach(writer::reject);
        resolution.events().forEach(tally::add);
        sink.take(group.hash(), resolution.undecided());
        prepared.add(resolution.undecided().size());
        told = tell(tally, told);
      }
      sink.flush();
      tell(tally, told);
      return List.of(new TaskOutcome(writer.finish(), tally)).iterator();
    }
  }

  /** Adds what was rejected since the last time; gives what has been told by now. */
  private long tell(Tally tally, long told) {
    long now = tally.rejected();
    rejected.add(now - told);
    return now;
  }
}
