/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.PairFunction;
import org.splitmask.prep.source.SourceItem;
import org.splitmask.prep.table.KnownRow;
import scala.Tuple2;

/**
 * What was listed beside what the table knows.
 *
 * @param candidates a listed or known file each, dealt out by path: one folder may hold most files
 */
record Comparison(JavaRDD<Candidate> candidates, Forecast forecast) {
  private static final int FILES_PER_TASK = 4000;

  static Comparison of(
      JavaRDD<SourceItem> items,
      JavaRDD<KnownRow> known,
      CompareWithTable compare,
      Labelling labelling) {
    int most = Math.max(items.context().defaultParallelism(), 2);
    int tasks = (int) Math.max(most, items.count() / FILES_PER_TASK);
    JavaRDD<Candidate> candidates =
        items
            .mapToPair(new ItemByPath())
            .cogroup(known.mapToPair(new RowByPath()), new HashPartitioner(tasks))
            .flatMap(compare);
    Forecast forecast =
        candidates.mapPartitions(new ForecastPartition(labelling)).collect().stream()
            .reduce(Forecast.NOTHING, Forecast::plus);
    return new Comparison(candidates, forecast);
  }

  private record ItemByPath() implements PairFunction<SourceItem, String, SourceItem> {
    @Override
    public Tuple2<String, SourceItem> call(SourceItem item) {
      return new Tuple2<>(item.path(), item);
    }
  }

  private record RowByPath() implements PairFunction<KnownRow, String, KnownRow> {
    @Override
    public Tuple2<String, KnownRow> call(KnownRow row) {
      return new Tuple2<>(row.file().path(), row);
    }
  }
}
