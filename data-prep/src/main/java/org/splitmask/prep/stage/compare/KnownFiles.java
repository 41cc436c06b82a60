/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.table.KnownRow;
import org.splitmask.prep.table.KnownRows;
import org.splitmask.prep.table.write.TableState;

/** Reads, in parallel, what a table knows of files. */
public final class KnownFiles {
  private static final int MOST_TASKS = 1000;

  private KnownFiles() {}

  public static JavaRDD<KnownRow> of(
      JavaSparkContext spark, TableState state, Broadcast<SerializableConfiguration> hadoop) {
    return spark
        .parallelize(List.copyOf(state.pictureFiles().keySet()), tasks(state.pictureFiles().size()))
        .flatMap(new ReadPictures(hadoop))
        .union(
            spark
                .parallelize(state.rejectedFiles(), tasks(state.rejectedFiles().size()))
                .flatMap(new ReadRejected(hadoop)));
  }

  private static int tasks(int files) {
    return Math.min(Math.max(1, files), MOST_TASKS);
  }

  private record ReadPictures(Broadcast<SerializableConfiguration> hadoop)
      implements FlatMapFunction<String, KnownRow> {
    @Override
    public Iterator<KnownRow> call(String dataFile) {
      Configuration configuration = hadoop.value().value();
      return KnownRows.pictures(dataFile, configuration);
    }
  }

  private record ReadRejected(Broadcast<SerializableConfiguration> hadoop)
      implements FlatMapFunction<String, KnownRow> {
    @Override
    public Iterator<KnownRow> call(String dataFile) {
      return KnownRows.rejected(dataFile, hadoop.value().value());
    }
  }
}
