/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.table.write.DataFileRewriter;
import org.splitmask.prep.table.write.RowEdit;
import org.splitmask.prep.table.write.TaskWriter;
import org.splitmask.prep.table.write.WriteTarget;
import scala.Tuple2;

/**
 * One task: writes data files anew whose rows change or go.
 *
 * @param rewritten for progress alone: retries count twice
 */
public record RewriteFiles(
    Broadcast<WriteTarget> target,
    Broadcast<SerializableConfiguration> hadoop,
    LongAccumulator rewritten)
    implements FlatMapFunction<Iterator<Tuple2<String, Iterable<RowEdit>>>, TaskOutcome> {
  @Override
  public Iterator<TaskOutcome> call(Iterator<Tuple2<String, Iterable<RowEdit>>> files)
      throws IOException {
    TaskContext task = TaskContext.get();
    try (TaskWriter writer =
        new TaskWriter(target.value(), task.partitionId(), task.taskAttemptId())) {
      DataFileRewriter rewriter = new DataFileRewriter(writer, hadoop.value().value());
      while (files.hasNext()) {
        Tuple2<String, Iterable<RowEdit>> file = files.next();
        rewriter.rewrite(file._1(), file._2());
        rewritten.add(1);
      }
      return List.of(new TaskOutcome(writer.finish(), new Tally())).iterator();
    }
  }
}
