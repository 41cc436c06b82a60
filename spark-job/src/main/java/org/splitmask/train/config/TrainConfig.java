/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.splitmask.common.config.Configurations;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenSpace;

/** All keys of a training run. */
public record TrainConfig(
    ModelConfig model, ObjectiveConfig objective, OptimizerConfig optimizer, RunConfig run)
    implements Serializable {
  /** The keys that may change when a run is resumed; all others are the run's identity. */
  public static final Set<String> CHANGEABLE =
      Set.of(
          "epochs",
          "workers",
          "steps-per-round",
          "threads",
          "checkpoint-every",
          "keep-checkpoints",
          "cache-megabytes");

  private static final long MEGABYTE = 1 << 20;

  /** The effective values of the keys that are the run's identity. */
  public Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>(Configurations.effective(this));
    identity.keySet().removeAll(CHANGEABLE);
    return identity;
  }

  /** How pictures of this table become the model's input. */
  public ModelInput input(TableSnapshot snapshot) {
    return new ModelInput(
        snapshot.shape(), model.cropSize(), model.patchSize(), run.pixelStatistics().of(snapshot));
  }

  /** What the tokens of this table's patches are compared in. */
  public TokenSpace tokenSpace(TableSnapshot snapshot) {
    return new TokenSpace(
        model.patchSize(), snapshot.shape().channels(), objective.tokenCentering());
  }

  /** Refuses what does not go with this table's pictures, before anything is done with them. */
  public void check(TableSnapshot snapshot) {
    ModelInput input = input(snapshot);
    model.networkShape(input);
    objective.objective();
    objective.splitter(input.gridSide());
    planner(Math.toIntExact(snapshot.statistics().images(Split.TRAIN)));
  }

  /** What decides a vocabulary that is fitted on the table. */
  public CodebookConfig codebook() {
    return new CodebookConfig(
        model.cropSize(),
        model.patchSize(),
        objective.vocabulary(),
        objective.tokenCentering(),
        run.pixelStatistics(),
        run.seed(),
        objective.codebookPatches(),
        objective.codebookIterations());
  }

  /** What a worker needs to know. */
  public TrainerSettings trainerSettings(TableSnapshot snapshot, Codebook codebook) {
    ModelInput input = input(snapshot);
    return new TrainerSettings(
        model.networkShape(input),
        objective.objective(),
        input,
        objective.splitter(input.gridSide()),
        codebook,
        tokenSpace(snapshot),
        optimizer.adamW(),
        optimizer.rate(),
        optimizer.clipNorm(),
        run.mixedRowGroups(),
        run.cacheMegabytes() * MEGABYTE,
        run.threads(),
        run.seed());
  }

  /** The plan of rounds over so many images. */
  public RoundPlanner planner(int images) {
    return new RoundPlanner(
        images, run.epochs(), run.workers(), run.batchSize(), run.stepsPerRound());
  }
}
