/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.codebook.FittedCodebook;
import org.splitmask.train.codebook.TokenReport;
import org.splitmask.train.codebook.TokenUsage;
import org.splitmask.train.codebook.Vocabulary;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.metrics.CollapseWatch;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.parameter.ParameterSource;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskLosses;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.task.LearningTask;

/** Self-supervised pre-training: runs that learn {@link SplitMaskTask}. */
final class Pretraining implements RunKind<TrainConfig, SplitMaskBatch> {
  private static final Logger LOG = LoggerFactory.getLogger(Pretraining.class);
  private static final String TOKENS = "tokens.json";

  private final SparkSession session;
  private final TrainConfig config;
  private final RunFiles run;

  Pretraining(SparkSession session, TrainConfig config, RunFiles run) {
    this.session = session;
    this.config = config;
    this.run = run;
  }

  @Override
  public TrainConfig config() {
    return config;
  }

  @Override
  public void check(TableSnapshot snapshot) {
    config.check(snapshot);
  }

  @Override
  public SplitMaskTask begin(TableSnapshot snapshot) throws IOException {
    config.advice(snapshot).ifPresent(LOG::warn);
    return config.task(snapshot, codebook(snapshot));
  }

  /** Drawn or fitted; how evenly it is used is said, and kept in tokens.json. */
  private Codebook codebook(TableSnapshot snapshot) throws IOException {
    Vocabulary vocabulary =
        new Vocabulary(
            JavaSparkContext.fromSparkContext(session.sparkContext()),
            snapshot,
            config.objective().tokenizer(),
            config.codebook());
    FittedCodebook fitted = vocabulary.codebook();
    TokenUsage usage = vocabulary.usage(fitted);
    TokenReport.log(usage, config.codebook());
    run.replace(TOKENS, TokenReport.json(usage, config.codebook()));
    return fitted.codebook();
  }

  @Override
  public SplitMaskTask resume(TableSnapshot snapshot, RunIdentity<TrainConfig> identity)
      throws IOException {
    String name = SplitMaskTask.CODEBOOK_FILE;
    String path = run.path(name).toString();
    return config.task(snapshot, SplitMaskTask.codebook(identity.kept(name), path));
  }

  @Override
  public ParameterSource start(LearningTask<SplitMaskBatch> task) {
    return new InitialParameters(task.layout(), config.run().seed());
  }

  @Override
  public TrainerSettings<SplitMaskBatch> trainerSettings(
      LearningTask<SplitMaskBatch> task, int taskCores) {
    return config.trainerSettings(task, taskCores);
  }

  @Override
  public List<RoundListener> watches() {
    return config.objective().objective().matchWeight() > 0
        ? List.of(new CollapseWatch(SplitMaskLosses.DEVIATION, SplitMaskLosses.EFFECTIVE_RANK))
        : List.of();
  }
}
