/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.dl4j;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.splitmask.train.task.LearningTask;

/**
 * The worker that DL4J's Spark API asks for. It is never handed mini-batches: a worker of ours is a
 * Spark task that takes all of a round's steps from rows that it reads itself.
 *
 * @param task what is learned
 */
record AveragingTrainingWorker(LearningTask<?> task) implements TrainingWorker<NoResult> {
  @Override
  public ComputationGraph getInitialModelGraph() {
    return new DriverGraph(task);
  }

  @Override
  public WorkerConfiguration getDataConfiguration() {
    return new WorkerConfiguration(true, 1, 1, 1, 0, false);
  }

  @Override
  public long getInstanceId() {
    return 0;
  }

  @Override
  public void addHook(TrainingHook hook) {
    throw unsupported();
  }

  @Override
  public void removeHook(TrainingHook hook) {
    throw unsupported();
  }

  @Override
  public MultiLayerNetwork getInitialModel() {
    throw unsupported();
  }

  @Override
  public NoResult processMinibatch(DataSet data, MultiLayerNetwork network, boolean last) {
    throw unsupported();
  }

  @Override
  public NoResult processMinibatch(DataSet data, ComputationGraph graph, boolean last) {
    throw unsupported();
  }

  @Override
  public NoResult processMinibatch(MultiDataSet data, ComputationGraph graph, boolean last) {
    throw unsupported();
  }

  @Override
  public Pair<NoResult, SparkTrainingStats> processMinibatchWithStats(
      DataSet data, MultiLayerNetwork network, boolean last) {
    throw unsupported();
  }

  @Override
  public Pair<NoResult, SparkTrainingStats> processMinibatchWithStats(
      DataSet data, ComputationGraph graph, boolean last) {
    throw unsupported();
  }

  @Override
  public Pair<NoResult, SparkTrainingStats> processMinibatchWithStats(
      MultiDataSet data, ComputationGraph graph, boolean last) {
    throw unsupported();
  }

  @Override
  public NoResult getFinalResult(MultiLayerNetwork network) {
    throw unsupported();
  }

  @Override
  public NoResult getFinalResult(ComputationGraph graph) {
    throw unsupported();
  }

  @Override
  public NoResult getFinalResultNoData() {
    throw unsupported();
  }

  @Override
  public Pair<NoResult, SparkTrainingStats> getFinalResultNoDataWithStats() {
    throw unsupported();
  }

  @Override
  public Pair<NoResult, SparkTrainingStats> getFinalResultWithStats(MultiLayerNetwork network) {
    throw unsupported();
  }

  @Override
  public Pair<NoResult, SparkTrainingStats> getFinalResultWithStats(ComputationGraph graph) {
    throw unsupported();
  }

  static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "SplitMask's workers read their own mini-batches (docs/adr/0004); only fitPaths trains");
  }
}
