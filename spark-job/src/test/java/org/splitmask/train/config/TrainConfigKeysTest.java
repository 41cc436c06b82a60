/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.patch.PatchShape;
import org.splitmask.train.averaging.DeltaPrecision;
import org.splitmask.train.averaging.Moments;
import org.splitmask.train.averaging.OuterStep;
import org.splitmask.train.averaging.Quorum;
import org.splitmask.train.batch.Augmentation;
import org.splitmask.train.batch.Loading;
import org.splitmask.train.batch.PixelNormalisation;
import org.splitmask.train.config.EngineConfig.MissingGpu;
import org.splitmask.train.config.InputConfig.PixelStatistics;
import org.splitmask.train.config.ObjectiveConfig.Split;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineArtefact;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.ProvidedEngines;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.optimizer.AdamW;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.schedule.RateScaling;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.schedule.WarmupCosine;
import org.splitmask.train.split.BlockMasker;
import org.splitmask.train.split.BlockSplitter;
import org.splitmask.train.split.UniformSplitter;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenCentering;
import org.splitmask.train.target.TokenSpace;
import org.splitmask.train.target.Tokenizer;

/** Every key has its default, and arrives where it must. */
class TrainConfigKeysTest {
  /** No two keys of one type have the same value, and none its default. */
  private static final Map<String, String> ALL_OTHER =
      Map.ofEntries(
          Map.entry("crop-size", "96"),
          Map.entry("patch-size", "12"),
          Map.entry("width", "40"),
          Map.entry("depth", "3"),
          Map.entry("heads", "5"),
          Map.entry("mlp-ratio", "2.5"),
          Map.entry("decoder-depth", "1"),
          Map.entry("positions", "sincos"),
          Map.entry("layer-scale", "0.125"),
          Map.entry("drop-path", "0.25"),
          Map.entry("split", "uniform"),
          Map.entry("split-ratio", "0.75"),
          Map.entry("tokenizer", "k-means"),
          Map.entry("vocabulary", "64"),
          Map.entry("token-centering", "patch"),
          Map.entry("codebook-patches", "5000"),
          Map.entry("codebook-iterations", "7"),
          Map.entry("inpaint-weight", "0.5"),
          Map.entry("match-weight", "0.625"),
          Map.entry("match-temperature", "0.375"),
          Map.entry("match-negatives", "both"),
          Map.entry("learning-rate", "0.002"),
          Map.entry("lr-scaling", "sqrt"),
          Map.entry("warmup-share", "0.0625"),
          Map.entry("final-rate-share", "0.1875"),
          Map.entry("weight-decay", "0.3125"),
          Map.entry("adam-beta1", "0.8125"),
          Map.entry("adam-beta2", "0.9375"),
          Map.entry("adam-epsilon", "0.001953125"),
          Map.entry("layer-decay", "0.875"),
          Map.entry("clip-norm", "1.5"),
          Map.entry("outer-rate", "0.6875"),
          Map.entry("outer-momentum", "0.4375"),
          Map.entry("pixel-statistics", "table"),
          Map.entry("augmentation", "strong"),
          Map.entry("mixed-row-groups", "6"),
          Map.entry("cache-megabytes", "300"),
          Map.entry("loader-threads", "2"),
          Map.entry("epochs", "9"),
          Map.entry("max-updates", "1000"),
          Map.entry("max-images", "20000"),
          Map.entry("batch-size", "24"),
          Map.entry("batches-per-update", "4"),
          Map.entry("workers", "10"),
          Map.entry("steps-per-round", "11"),
          Map.entry("threads", "8"),
          Map.entry("engine", "torch"),
          Map.entry("device", "cuda"),
          Map.entry("on-missing-gpu", "cpu"),
          Map.entry("precision", "bf16"),
          Map.entry("recompute-blocks", "true"),
          Map.entry("seed", "77"),
          Map.entry("checkpoint-every", "13"),
          Map.entry("keep-checkpoints", "14"),
          Map.entry("rate-halvings", "3"),
          Map.entry("post-local-share", "0.03125"),
          Map.entry("delta-precision", "int8"),
          Map.entry("min-share-of-workers", "0.625"),
          Map.entry("straggler-seconds", "7"),
          Map.entry("min-workers", "6"),
          Map.entry("min-workers-seconds", "55"),
          Map.entry("moments", "reset"),
          Map.entry("tensorboard", "false"),
          Map.entry("mlflow-experiment", "night"));

  @Test
  void hasDefaults() {
    TrainConfig config = config();

    assertThat(config.model())
        .isEqualTo(new ModelConfig(224, 16, 384, 12, 6, 4, 2, Positions.LEARNED, 0, 0));
    assertThat(config.objective())
        .isEqualTo(
            new ObjectiveConfig(
                Split.BLOCK,
                0.5,
                Tokenizer.RANDOM_PROJECTION,
                8192,
                TokenCentering.GLOBAL,
                0,
                20,
                1,
                1,
                0.2,
                Negatives.OPPOSITE));
    assertThat(config.optimizer())
        .isEqualTo(
            new OptimizerConfig(
                0.001,
                RateScaling.NONE,
                0.05,
                0.01,
                0.05,
                0.9,
                0.98,
                1e-8,
                1,
                3,
                1,
                0,
                Moments.AVERAGE));
    assertThat(config.input())
        .isEqualTo(new InputConfig(PixelStatistics.IMAGENET, Augmentation.STANDARD, 4, 512, 1));
    assertThat(config.run())
        .isEqualTo(
            new RunConfig(
                100,
                0,
                0,
                32,
                1,
                2,
                1,
                600,
                10,
                0,
                DeltaPrecision.FLOAT32,
                1,
                60,
                0,
                0,
                42,
                10,
                3,
                true,
                ""));
    assertThat(config.engine())
        .isEqualTo(
            new EngineConfig(
                EngineKind.DL4J, DeviceKind.CPU, MissingGpu.FAIL, Precision.FLOAT32, false));
  }

  @Test
  void everyKeyIsGivenAnotherValueHere() {
    Map<String, String> defaults = Configurations.effective(config());

    assertThat(Configurations.effective(allOther())).isEqualTo(ALL_OTHER);
    assertThat(ALL_OTHER.keySet()).isEqualTo(defaults.keySet());
    defaults.forEach((key, value) -> assertThat(ALL_OTHER.get(key)).as(key).isNotEqualTo(value));
  }

  @Test
  void theNetworkAndItsLossesAreWhatTheKeysSay() {
    SplitMaskTask task = allOther().benchmarkTask();
    TrainerSettings<SplitMaskBatch> settings = allOther().trainerSettings(task, 1);

    assertThat(settings.task()).isEqualTo(task);
    assertThat(settings.engine())
        .isEqualTo(
            new ProvidedEngines(
                new EngineArtefact("torch", "spark-job-torch.jar"),
                new EngineSettings(DeviceKind.CUDA, true, Precision.BF16, true)));
    assertThat(task.tokenizer()).isEqualTo(Tokenizer.K_MEANS);
    assertThat(task.shape())
        .isEqualTo(
            new NetworkShape(8, 12 * 12 * 3, 40, 3, 5, 100, 1, Positions.SINCOS, 8, 0.125, 0.25));
    assertThat(task.objective())
        .isEqualTo(new Objective(Branches.TWO, 64, 0.5, 0.625, 0.375, Negatives.BOTH));
    assertThat(settings.seed()).isEqualTo(77);
    assertThat(settings.threads()).isEqualTo(8);
  }

  @Test
  void miniBatchesAreMadeAsTheKeysSay() {
    SplitMaskTask task = allOther().benchmarkTask();

    assertThat(task.batches().splitter()).isEqualTo(new UniformSplitter(64, 0.75));
    TokenSpace space = new TokenSpace(12, 3, TokenCentering.PATCH);
    assertThat(task.batches().tokenSpace()).isEqualTo(space);
    assertThat(task.batches().codebook().values())
        .isEqualTo(Codebook.randomProjection(64, space.dimensions(), 77).values());
    assertThat(task.batches().crops().augmentation()).isEqualTo(Augmentation.STRONG);
    assertThat(task.batches().crops().seed()).isEqualTo(77);
    assertThat(task.input().stored()).isEqualTo(new PatchShape(96, 12, 3));
    assertThat(task.input().cropSize()).isEqualTo(96);
    assertThat(task.input().patchSize()).isEqualTo(12);
    assertThat(task.input().normalisation()).isEqualTo(PixelNormalisation.IMAGENET);
    assertThat(allOther().input().loading()).isEqualTo(new Loading(6, 300L << 20, 2));
    assertThat(allOther().input().pixelStatistics()).isEqualTo(PixelStatistics.TABLE);
  }

  @Test
  void itIsMinimisedAsTheKeysSay() {
    double rate = 0.002 * Math.sqrt(10 * 24 * 4 / 2048.0);

    assertThat(allOther().optimisation())
        .isEqualTo(
            new Optimisation(
                new AdamW(0.8125, 0.9375, 0.001953125, 0.3125),
                new WarmupCosine(rate, 0.0625, 0.1875),
                0.875,
                1.5,
                4));
    assertThat(allOther().optimizer().outerStep())
        .isEqualTo(new OuterStep(0.6875, 0.4375, Moments.RESET));
  }

  @Test
  void theRunIsPlannedAsTheKeysSay() {
    assertThat(allOther().run().planner(5000))
        .isEqualTo(
            new RoundPlanner(5000, new RunLength(9, 1000, 20_000), 10, 24, 4, 11, 0.03125, true));
    assertThat(allOther().run().quorum()).isEqualTo(new Quorum(0.625, 7));
    assertThat(config().run().planner(5000).endsWithEpoch()).isFalse();
    assertThat(allOther().run().deltaPrecision()).isEqualTo(DeltaPrecision.INT8);
    assertThat(allOther().run().checkpointEvery()).isEqualTo(13);
    assertThat(allOther().run().keepCheckpoints()).isEqualTo(14);
  }

  @Test
  void theVocabularyIsFittedAsTheKeysSay() {
    assertThat(allOther().objective().tokenizer()).isEqualTo(Tokenizer.K_MEANS);
    assertThat(allOther().codebook())
        .isEqualTo(
            new CodebookConfig(
                96,
                12,
                64,
                TokenCentering.PATCH,
                PixelStatistics.TABLE,
                Augmentation.STRONG,
                77,
                5000,
                7));
  }

  @Test
  void eachSplitHasItsSplitterAndBeitsHasOneBranch() {
    assertThat(config().benchmarkTask().batches().splitter()).isEqualTo(new BlockSplitter(14));
    SplitMaskTask beit = config("split=none", "match-weight=0.5").benchmarkTask();

    assertThat(beit.batches().splitter()).isEqualTo(new BlockMasker(14));
    assertThat(beit.objective().branches()).isEqualTo(Branches.ONE);
    assertThat(beit.objective().matchWeight()).isZero();
  }

  @Test
  void aRunIsWhatItsKeysAreButForThoseThatMayChange() {
    TreeSet<String> identity = new TreeSet<>(ALL_OTHER.keySet());
    identity.removeAll(
        List.of(
            "epochs",
            "max-updates",
            "max-images",
            "workers",
            "steps-per-round",
            "threads",
            "checkpoint-every",
            "keep-checkpoints",
            "rate-halvings",
            "post-local-share",
            "delta-precision",
            "min-share-of-workers",
            "straggler-seconds",
            "min-workers",
            "min-workers-seconds",
            "tensorboard",
            "mlflow-experiment",
            "cache-megabytes",
            "loader-threads",
            "engine",
            "device",
            "on-missing-gpu",
            "precision",
            "recompute-blocks"));

    assertThat(allOther().identity().keySet()).isEqualTo(identity);
    assertThat(ALL_OTHER).containsAllEntriesOf(allOther().identity());
  }

  private static TrainConfig allOther() {
    return Configurations.bind(TrainConfig.class, new KeyValues(ALL_OTHER));
  }

  private static TrainConfig config(String... words) {
    return Configurations.bind(TrainConfig.class, KeyValues.ofWords(List.of(words)));
  }
}
