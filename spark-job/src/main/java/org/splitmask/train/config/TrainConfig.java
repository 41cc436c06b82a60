/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.splitmask.common.config.Configurations;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.MiniBatchSettings;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.local.Optimisation;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenSpace;

/** All keys of a training run. */
public record TrainConfig(
    ModelConfig model,
    ObjectiveConfig objective,
    OptimizerConfig optimizer,
    InputConfig input,
    RunConfig run)
    implements Serializable {
  /** The keys that may change when a run is resumed; all others are the run's identity. */
  public static final Set<String> CHANGEABLE =
      Set.of(
          "epochs",
          "max-updates",
          "max-images",
          "workers",
          "steps-per-round",
          "threads",
          "checkpoint-every",
          "keep-checkpoints",
          "cache-megabytes",
          "loader-threads");

  /** The effective values of the keys that are the run's identity. */
  public Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>(Configurations.effective(this));
    identity.keySet().removeAll(CHANGEABLE);
    return identity;
  }

  /** How pictures of this table become the model's input. */
  public ModelInput modelInput(TableSnapshot snapshot) {
    return new ModelInput(
        snapshot.shape(),
        model.cropSize(),
        model.patchSize(),
        input.pixelStatistics().of(snapshot));
  }

  /** Refuses what does not go with this table's pictures, before anything is done with them. */
  public void check(TableSnapshot snapshot) {
    ModelInput modelInput = modelInput(snapshot);
    model.networkShape(modelInput);
    objective.objective();
    objective.splitter(modelInput.gridSide());
    optimisation();
    optimizer.outerStep();
    planner(snapshot.statistics().images(Split.TRAIN));
    input.loading().check(snapshot.rowGroups(Split.TRAIN));
  }

  /** What decides a vocabulary that is fitted on the table. */
  public CodebookConfig codebook() {
    return new CodebookConfig(
        model.cropSize(),
        model.patchSize(),
        objective.vocabulary(),
        objective.tokenCentering(),
        input.pixelStatistics(),
        input.augmentation(),
        run.seed(),
        objective.codebookPatches(),
        objective.codebookIterations());
  }

  /**
   * What a worker needs to know.
   *
   * @param taskCores the cores of its task
   */
  public TrainerSettings trainerSettings(TableSnapshot snapshot, Codebook codebook, int taskCores) {
    return trainerSettings(modelInput(snapshot), codebook, taskCores);
  }

  /** The same without a table: pictures as large as the model's input, and a drawn vocabulary. */
  public TrainerSettings benchmarkSettings() {
    PatchShape stored = new PatchShape(model.cropSize(), model.patchSize(), 3);
    ModelInput modelInput =
        new ModelInput(stored, model.cropSize(), model.patchSize(), PixelNormalisation.IMAGENET);
    TokenSpace space = new TokenSpace(model.patchSize(), 3, objective.tokenCentering());
    return trainerSettings(
        modelInput,
        Codebook.randomProjection(objective.vocabulary(), space.dimensions(), run.seed()),
        1);
  }

  private TrainerSettings trainerSettings(ModelInput modelInput, Codebook codebook, int taskCores) {
    return new TrainerSettings(
        model.networkShape(modelInput),
        objective.objective(),
        new MiniBatchSettings(
            new AugmentedCrops(modelInput, input.augmentation(), run.seed()),
            objective.splitter(modelInput.gridSide()),
            codebook,
            new TokenSpace(
                model.patchSize(), modelInput.stored().channels(), objective.tokenCentering())),
        optimisation(),
        input.loading(),
        run.threads(taskCores),
        run.seed());
  }

  /** How workers follow their gradients. */
  public Optimisation optimisation() {
    return optimizer.optimisation(run.imagesPerUpdate(), run.batchesPerUpdate());
  }

  /** The plan of rounds over so many images; refuses too few and too many. */
  public RoundPlanner planner(long images) {
    return new RoundPlanner(
        RoundPlanner.countable(images),
        run.length(),
        run.workers(),
        run.batchSize(),
        run.batchesPerUpdate(),
        run.stepsPerRound());
  }
}
