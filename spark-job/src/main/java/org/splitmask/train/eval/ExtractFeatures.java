/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.train.eval.probe.FeatureRow;

/**
 * What an executor runs: the features of the pictures in its row groups.
 *
 * @param job tells one extraction from another in the same executor
 */
record ExtractFeatures(
    String job, Broadcast<RowFeatures> features, Broadcast<SerializableConfiguration> hadoop)
    implements FlatMapFunction<Iterator<RowGroup>, FeatureRow> {
  @Override
  public Iterator<FeatureRow> call(Iterator<RowGroup> groups) {
    FeatureProcess process = FeatureProcess.of(job, features.value());
    List<FeatureRow> found = new ArrayList<>();
    while (groups.hasNext()) {
      List<PatchRow> rows = RowGroupReader.read(groups.next(), hadoop.value().value());
      List<float[]> values = process.features(rows);
      for (int i = 0; i < rows.size(); i++) {
        found.add(new FeatureRow(rows.get(i).imageId(), rows.get(i).label(), values.get(i)));
      }
    }
    return found.iterator();
  }
}
