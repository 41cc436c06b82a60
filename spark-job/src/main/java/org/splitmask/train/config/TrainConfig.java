/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.averaging.Moments;
import org.splitmask.train.averaging.OuterStep;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.splitmask.SplitMaskInput;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenSpace;
import org.splitmask.train.task.LearningTask;

/** All keys of a training run. */
public record TrainConfig(
    ModelConfig model,
    ObjectiveConfig objective,
    OptimizerConfig optimizer,
    InputConfig input,
    RunConfig run,
    EngineConfig engine)
    implements RunSettings, Serializable {
  /** The keys that may change when a run is resumed; all others are the run's identity. */
  public static final Set<String> CHANGEABLE =
      Set.of(
          "epochs",
          "max-updates",
          "max-images",
          "workers",
          "min-workers",
          "min-workers-seconds",
          "steps-per-round",
          "post-local-share",
          "delta-precision",
          "min-share-of-workers",
          "straggler-seconds",
          "threads",
          "rate-halvings",
          "checkpoint-every",
          "keep-checkpoints",
          "tensorboard",
          "mlflow-experiment",
          "cache-megabytes",
          "loader-threads",
          "engine",
          "device",
          "on-missing-gpu",
          "precision",
          "recompute-blocks");

  @Override
  public Set<String> changeable() {
    return CHANGEABLE;
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
    Check.that(
        outerStep().moments() == Moments.AVERAGE || run.postLocalShare() == 0,
        "moments=reset does not go with post-local-share=%s: every step of that share would be a"
            + " round of its own, and begin without moments; leave one of them out",
        run.postLocalShare());
    run.planner(snapshot.statistics().images(Split.TRAIN));
    input.loading().check(snapshot.rowGroups(Split.TRAIN));
  }

  /** What is allowed, and seldom meant: pictures that are smaller than the model's input. */
  public Optional<String> advice(TableSnapshot snapshot) {
    int stored = snapshot.shape().imageSize();
    return stored >= model.cropSize()
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the table's pictures have %d px and crop-size is %d, so every crop is enlarged;"
                    + " prepare them with image-size=%d or more, or lower crop-size",
                stored,
                model.cropSize(),
                model.cropSize()));
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

  /** What is learned from this table's pictures. */
  public SplitMaskTask task(TableSnapshot snapshot, Codebook codebook) {
    return task(modelInput(snapshot), codebook);
  }

  /** The same with any vocabulary of the right size, to see what it needs; fits none. */
  public SplitMaskTask outline(TableSnapshot snapshot) {
    ModelInput modelInput = modelInput(snapshot);
    return task(modelInput, drawn(modelInput));
  }

  /** The same without a table: pictures as large as the model's input, and a drawn vocabulary. */
  public SplitMaskTask benchmarkTask() {
    PatchShape stored = new PatchShape(model.cropSize(), model.patchSize(), 3);
    ModelInput modelInput =
        new ModelInput(stored, model.cropSize(), model.patchSize(), PixelNormalisation.IMAGENET);
    return task(modelInput, drawn(modelInput));
  }

  private Codebook drawn(ModelInput modelInput) {
    int dimensions = tokenSpace(modelInput).dimensions();
    return Codebook.randomProjection(objective.vocabulary(), dimensions, run.seed());
  }

  private TokenSpace tokenSpace(ModelInput modelInput) {
    return new TokenSpace(
        model.patchSize(), modelInput.stored().channels(), objective.tokenCentering());
  }

  private SplitMaskTask task(ModelInput modelInput, Codebook codebook) {
    return new SplitMaskTask(
        model.networkShape(modelInput),
        objective.objective(),
        new SplitMaskInput(
            new AugmentedCrops(modelInput, input.augmentation(), run.seed()),
            objective.splitter(modelInput.gridSide()),
            codebook,
            tokenSpace(modelInput)),
        objective.tokenizer());
  }

  /**
   * What a worker needs to know.
   *
   * @param taskCores the cores of its task
   */
  public <B extends MiniBatch> TrainerSettings<B> trainerSettings(
      LearningTask<B> task, int taskCores) {
    return new TrainerSettings<>(
        task,
        optimisation(),
        input.loading(),
        engine.engines(),
        run.threads(taskCores),
        run.seed());
  }

  @Override
  public Optimisation optimisation() {
    return optimizer.optimisation(run.imagesPerUpdate(), run.batchesPerUpdate());
  }

  @Override
  public double rateFactor(int workers) {
    long images = (long) workers * run.batchSize() * run.batchesPerUpdate();
    return optimizer.peakRate(images) / optimizer.peakRate(run.imagesPerUpdate());
  }

  @Override
  public OuterStep outerStep() {
    return optimizer.outerStep();
  }
}
