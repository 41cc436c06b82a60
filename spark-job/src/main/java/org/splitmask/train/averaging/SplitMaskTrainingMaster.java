/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.Collection;
import java.util.List;
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
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.averaging.AveragingLoop.RoundListener;
import org.splitmask.train.kernel.NativeMemory;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.schedule.RoundPlanner;

/**
 * DL4J Spark's training master with our own rounds: exact weights, averaged Adam moments, a fixed
 * order of summation, every image used, resumable. {@code ParameterAveragingTrainingMaster} has
 * none of these (docs/adr/0004). Train with {@code SparkComputationGraph.fitPaths} over the row
 * groups.
 */
public final class SplitMaskTrainingMaster
    implements TrainingMaster<RoundShare, SplitMaskTrainingWorker> {
  private final TrainerSettings settings;
  private final RoundPlanner planner;
  private final OuterStep outer;
  private final RoundListener listener;
  private TrainingState state;

  /**
   * The master of one run.
   *
   * @param start the state to train from, a new run's or a checkpoint's
   */
  public SplitMaskTrainingMaster(
      TrainerSettings settings,
      RoundPlanner planner,
      OuterStep outer,
      TrainingState start,
      RoundListener listener) {
    this.settings = settings;
    this.planner = planner;
    this.outer = outer;
    this.state = start;
    this.listener = listener;
  }

  /** The state that training came to. */
  public TrainingState state() {
    return state;
  }

  /**
   * Trains to the end of the run.
   *
   * @param paths the row groups of the pinned snapshot, see {@link RowGroupPath}
   */
  @Override
  public void executeTrainingPaths(
      @Nullable SparkDl4jMultiLayer none,
      SparkComputationGraph network,
      JavaRDD<String> paths,
      @Nullable DataSetLoader noLoader,
      @Nullable MultiDataSetLoader noMultiLoader) {
    List<RowGroup> groups = paths.collect().stream().map(RowGroupPath::parse).toList();
    SparkRounds rounds =
        new SparkRounds(network.getSparkContext(), getWorkerInstance(network), groups);
    state = new AveragingLoop(planner, rounds, outer, listener).run(state);
    INDArray parameters = network.getNetwork().params();
    NativeMemory.copy(state.optimizer().parameters(), parameters);
  }

  @Override
  public SplitMaskTrainingWorker getWorkerInstance(SparkComputationGraph network) {
    return new SplitMaskTrainingWorker(settings);
  }

  @Override
  public SplitMaskTrainingWorker getWorkerInstance(SparkDl4jMultiLayer network) {
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public void executeTraining(SparkComputationGraph network, JavaRDD<DataSet> data) {
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public void executeTrainingMDS(SparkComputationGraph network, JavaRDD<MultiDataSet> data) {
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public void addHook(TrainingHook hook) {
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public void removeHook(TrainingHook hook) {
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public String toJson() {
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public String toYaml() {
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public void setCollectTrainingStats(boolean collect) {
    if (collect) {
      throw SplitMaskTrainingWorker.unsupported();
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
    throw SplitMaskTrainingWorker.unsupported();
  }

  @Override
  public void setListeners(
      @Nullable StatsStorageRouter router, Collection<TrainingListener> listeners) {
    throw SplitMaskTrainingWorker.unsupported();
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
