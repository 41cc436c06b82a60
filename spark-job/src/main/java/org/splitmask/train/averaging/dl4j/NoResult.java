/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.dl4j;

import java.io.Serializable;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;

/** The type of result that DL4J's Spark API asks for; ours go through the averaging loop. */
record NoResult() implements TrainingResult, Serializable {
  @Override
  public void setStats(SparkTrainingStats stats) {
    throw AveragingTrainingWorker.unsupported();
  }
}
