/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.io.Serializable;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.splitmask.train.local.WorkerResult;

/** A worker's result in the form that DL4J's Spark API asks for. */
record RoundShare(WorkerResult result) implements TrainingResult, Serializable {
  @Override
  public void setStats(SparkTrainingStats stats) {
    throw SplitMaskTrainingWorker.unsupported();
  }
}
