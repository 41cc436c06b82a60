/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.List;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.resident.Lending;
import org.splitmask.train.resident.Residents;

/** What a JVM keeps of one extraction of features: an encoder for each of its tasks at a time. */
final class FeatureProcess implements AutoCloseable {
  private final Lending<RowFeatures.Extractor> extractors;

  private FeatureProcess(RowFeatures features) {
    this.extractors = new Lending<>(features::open);
  }

  /** This JVM's part of an extraction, made when its first task comes. */
  static FeatureProcess of(String job, RowFeatures features) {
    return Residents.of(job, FeatureProcess.class, () -> new FeatureProcess(features));
  }

  /** Frees what this JVM keeps of an extraction. */
  static void close(String job) {
    Residents.close(job);
  }

  /** The features of pictures, in their order. */
  List<float[]> features(List<PatchRow> rows) {
    RowFeatures.Extractor extractor = extractors.borrow();
    List<float[]> features = extractor.of(rows); // one that failed is left to the collector
    extractors.giveBack(extractor);
    return features;
  }

  @Override
  public void close() {
    extractors.close();
  }
}
