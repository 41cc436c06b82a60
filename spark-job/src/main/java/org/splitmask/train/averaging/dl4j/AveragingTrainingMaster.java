/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.dl4j;

import java.util.Collection;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.splitmask.train.averaging.AveragingLoop;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.task.LearningTask;

/**
 * The averaging loop as DL4J Spark's training master: exact weights, averaged Adam moments, a fixed
 * order of summation, every image used, resumable. {@code ParameterAveragingTrainingMaster} has
 * none of these (docs/adr/0004). Its state is in {@link #state}, not in DL4J's network.
 */
final class AveragingTrainingMaster implements TrainingMaster<NoResult, AveragingTrainingWorker> {
  private final LearningTask<?> task;
  private final AveragingLoop loop;
  private TrainingState state;

  /**
   * The master of one run.
   *
   * @param start the state to train from, a new run's or a checkpoint's
   */
  AveragingTrainingMaster(LearningTask<?> task, AveragingLoop loop, TrainingState start) {
    this.task = task;
    this.loop = loop;
    this.state = start;
  }

  /** The state that training came to. */
  TrainingState state() {
    return state;
  }

  /**
   * Trains to the end of the run.
   *
   * @param files of the table; workers read them by the loop's own list of row groups
   */
  @Override
  public void executeTrainingPaths(
      @Nullable SparkDl4jMultiLayer none,
      SparkComputationGraph network,
      JavaRDD<String> files,
      @Nullable DataSetLoader noLoader,
      @Nullable MultiDataSetLoader noMultiLoader) {
    state = loop.run(state);
  }

  @Override
  public AveragingTrainingWorker getWorkerInstance(SparkComputationGraph network) {
    return new AveragingTrainingWorker(task);
  }

  @Override
  public AveragingTrainingWorker getWorkerInstance(SparkDl4jMultiLayer network) {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public void executeTraining(SparkComputationGraph network, JavaRDD<DataSet> data) {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph network, JavaRDD<MultiDataSet> data) {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public void addHook(TrainingHook hook) {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public void removeHook(TrainingHook hook) {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public String toJson() {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public String toYaml() {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw AveragingTrainingWorker.unsupported();
    }
  }

  @Override
  public boolean getIsCollectTrainingStats() {
    return false;
  }

  @Override
  public @Nullable SparkTrainingStats getTrainingStats() {
    return null;
  }

  @Override
  public void setListeners(Collection<TrainingListener> listeners) {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public void setListeners(
      @Nullable StatsStorageRouter router, Collection<TrainingListener> listeners) {
    throw AveragingTrainingWorker.unsupported();
  }

  @Override
  public boolean deleteTempFiles(JavaSparkContext spark) {
    return true; // there are none
  }

  @Override
  public boolean deleteTempFiles(SparkContext spark) {
    return true;
  }
}
