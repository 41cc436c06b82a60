/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.WorkerConfiguration;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.OptimizerState;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.schedule.StepPlan;

/**
 * DL4J Spark's worker as SplitMask has it: it takes all of a round's steps itself, from rows that
 * it reads itself, and so is never handed mini-batches.
 *
 * @param settings what every worker needs to know
 */
record SplitMaskTrainingWorker(TrainerSettings settings) implements TrainingWorker<RoundShare> {
  /** A round's steps of one worker. */
  RoundShare train(
      LocalTrainer trainer,
      int worker,
      OptimizerState start,
      List<StepPlan> steps,
      TableRows rows) {
    return new RoundShare(trainer.train(worker, start, steps, rows));
  }

  @Override
  public ComputationGraph getInitialModelGraph() {
    return LocalTrainer.initialNetwork(settings).graph();
  }

  @Override
  public WorkerConfiguration getDataConfiguration() {
    return new WorkerConfiguration(true, 1, 1, 1, 0, false);
  }

  @Override
  public long getInstanceId() {
    return settings.seed();
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
  public RoundShare processMinibatch(DataSet data, MultiLayerNetwork network, boolean last) {
    throw unsupported();
  }

  @Override
  public RoundShare processMinibatch(DataSet data, ComputationGraph graph, boolean last) {
    throw unsupported();
  }

  @Override
  public RoundShare processMinibatch(MultiDataSet data, ComputationGraph graph, boolean last) {
    throw unsupported();
  }

  @Override
  public Pair<RoundShare, SparkTrainingStats> processMinibatchWithStats(
      DataSet data, MultiLayerNetwork network, boolean last) {
    throw unsupported();
  }

  @Override
  public Pair<RoundShare, SparkTrainingStats> processMinibatchWithStats(
      DataSet data, ComputationGraph graph, boolean last) {
    throw unsupported();
  }

  @Override
  public Pair<RoundShare, SparkTrainingStats> processMinibatchWithStats(
      MultiDataSet data, ComputationGraph graph, boolean last) {
    throw unsupported();
  }

  @Override
  public RoundShare getFinalResult(MultiLayerNetwork network) {
    throw unsupported();
  }

  @Override
  public RoundShare getFinalResult(ComputationGraph graph) {
    throw unsupported();
  }

  @Override
  public RoundShare getFinalResultNoData() {
    throw unsupported();
  }

  @Override
  public Pair<RoundShare, SparkTrainingStats> getFinalResultNoDataWithStats() {
    throw unsupported();
  }

  @Override
  public Pair<RoundShare, SparkTrainingStats> getFinalResultWithStats(MultiLayerNetwork network) {
    throw unsupported();
  }

  @Override
  public Pair<RoundShare, SparkTrainingStats> getFinalResultWithStats(ComputationGraph graph) {
    throw unsupported();
  }

  static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "SplitMask's workers read their own mini-batches (docs/adr/0004); only fitPaths trains");
  }
}
