/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.codebook;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.RowGroupReader;
import org.splitmask.train.codebook.PatchSampling.Sampled;

/** What an executor runs for k-means: the sampled patches of a row group's pictures. */
record SamplePatches(
    PatchSampling sampling, int views, double share, Broadcast<SerializableConfiguration> hadoop)
    implements FlatMapFunction<RowGroup, Sampled> {
  @Override
  public Iterator<Sampled> call(RowGroup group) {
    return RowGroupReader.read(group, hadoop.value().value()).stream()
        .flatMap(row -> sampling.sample(row, views, share).stream())
        .iterator();
  }

  /**
   * For random patches: some of each chosen picture, with their rank among the picture's own.
   *
   * @param share of the pictures that is chosen
   */
  record FirstPatches(
      PatchSampling sampling, int count, double share, Broadcast<SerializableConfiguration> hadoop)
      implements FlatMapFunction<RowGroup, Ranked> {
    @Override
    public Iterator<Ranked> call(RowGroup group) {
      return RowGroupReader.read(group, hadoop.value().value()).stream()
          .filter(row -> sampling.isChosen(row, share))
          .flatMap(row -> ranked(row, sampling.first(row, count)))
          .iterator();
    }

    private static Stream<Ranked> ranked(PatchRow row, List<Sampled> patches) {
      return IntStream.range(0, patches.size())
          .mapToObj(rank -> new Ranked(rank, row.imageId(), patches.get(rank)));
    }
  }

  /**
   * A patch of a picture.
   *
   * @param rank its place among the picture's own
   */
  record Ranked(int rank, String imageId, Sampled patch) implements Serializable {}
}
