/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.engine.EncoderFactory;
import org.splitmask.train.eval.probe.FeatureRow;
import org.splitmask.train.model.NetworkShape;

/** The features of a snapshot's pictures, extracted on the executors, row group by row group. */
public final class SparkFeatures implements FeatureSource {
  private final JavaSparkContext spark;
  private final TableSnapshot snapshot;
  private final Map<FeatureKind, RowFeatures> kinds = new EnumMap<>(FeatureKind.class);

  /**
   * Features of one encoder and of what it is compared with.
   *
   * @param encoders what computes the encoder
   * @param trained the encoder's parameters, in its own layout
   * @param random the same encoder's before its first step
   */
  public SparkFeatures(
      JavaSparkContext spark,
      TableSnapshot snapshot,
      EncoderFactory encoders,
      NetworkShape shape,
      ModelInput input,
      float[] trained,
      float[] random) {
    this.spark = spark;
    this.snapshot = snapshot;
    PatchShape stored = snapshot.shape();
    kinds.put(FeatureKind.TRAINED, new EncoderFeatures(encoders, shape, trained, input, 1));
    kinds.put(FeatureKind.RANDOM, new EncoderFeatures(encoders, shape, random, input, 1));
    kinds.put(FeatureKind.PIXELS, new PixelFeatures(stored));
    kinds.put(FeatureKind.HISTOGRAM, new HistogramFeatures(stored));
  }

  @Override
  public List<FeatureRow> rows(FeatureKind kind, Split split) {
    List<RowGroup> groups = snapshot.rowGroups(split);
    if (groups.isEmpty()) {
      return List.of();
    }
    RowFeatures features = Check.present(kinds.get(kind), "no features of kind %s", kind);
    Broadcast<RowFeatures> sent = spark.broadcast(features);
    Broadcast<SerializableConfiguration> hadoop =
        spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
    int rows = groups.stream().mapToInt(RowGroup::rows).sum();
    spark.setJobGroup(
        "evaluate",
        String.format(Locale.ROOT, "evaluate: %s features of %,d pictures", kind.word(), rows));
    String job = spark.sc().applicationId() + "-" + sent.id();
    try {
      return spark
          .parallelize(groups, groups.size())
          .mapPartitions(new ExtractFeatures(job, sent, hadoop))
          .collect();
    } finally {
      FeatureProcess.close(job); // of this process, where tasks share it with the driver
      sent.destroy();
      hadoop.destroy();
    }
  }
}
