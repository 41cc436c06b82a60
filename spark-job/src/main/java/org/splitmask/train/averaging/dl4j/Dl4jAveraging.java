/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.dl4j;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.splitmask.train.averaging.AveragingLoop;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.task.LearningTask;

/** Runs an averaging loop through DL4J's Spark API. */
public final class Dl4jAveraging {
  private Dl4jAveraging() {}

  /**
   * Trains to the end of the run.
   *
   * @param files the table's, which the API wants to see
   * @return the last state, which the caller closes
   */
  public static TrainingState train(
      JavaSparkContext spark,
      LearningTask<?> task,
      AveragingLoop loop,
      TrainingState start,
      List<String> files) {
    AveragingTrainingMaster master = new AveragingTrainingMaster(task, loop, start);
    SparkComputationGraph graph = new SparkComputationGraph(spark, new DriverGraph(task), master);
    MultiDataSetLoader workersReadForThemselves = null;
    graph.fitPaths(spark.parallelize(files), workersReadForThemselves);
    return master.state();
  }
}
