/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.splitmask.common.cli.CommonOptions;
import org.splitmask.common.cli.Configured;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Check;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.host.HostEngines;
import org.splitmask.train.local.EngineParity;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskTask;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code bench parity}: whether an engine computes on this machine what it should. */
@Command(
    name = "parity",
    mixinStandardHelpOptions = true,
    description =
        "Takes the same training steps with engine=dl4j in float32 and with the engine, device and"
            + " precision that the keys name, and tells how far losses and gradients are apart. Run"
            + " it once on a new kind of machine or GPU.",
    sortOptions = false)
public final class BenchParityApp implements Callable<Map<String, Object>>, Configured {
  /** With matrix products in float32. */
  private static final Bounds FLOAT32 = new Bounds(0.01, 1e-3);

  /** A card's products of 10 bits. */
  private static final Bounds TF32 = new Bounds(0.01, 1e-2);

  /** Products of 7 bits: single tensors' gradients differ by some per cent. */
  private static final Bounds BF16 = new Bounds(0.02, 0.1);

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description = "vit-micro, vit-tiny, vit-small or vit-base (default: ${DEFAULT-VALUE}).")
  private String model = "vit-micro";

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images of a mini-batch (default: ${DEFAULT-VALUE}).")
  private int batch = 16;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Steps whose losses are compared (default: ${DEFAULT-VALUE}).")
  private int steps = 20;

  @Mixin private CommonOptions common = new CommonOptions();

  /**
   * What is still parity.
   *
   * @param loss the largest difference of a loss, as a share of it
   * @param gradient the largest distance of a tensor's gradients, as a share of the gradient
   */
  private record Bounds(double loss, double gradient) {
    static Bounds of(Precision precision) {
      return switch (precision) {
        case FLOAT32 -> FLOAT32;
        case TF32 -> TF32;
        case BF16 -> BF16;
      };
    }
  }

  @Override
  public Class<? extends Record> configuration() {
    return TrainConfig.class;
  }

  @Override
  public Map<String, Object> call() throws IOException {
    Check.that(batch >= 2, "--batch must be at least 2, was %d", batch);
    Check.that(steps >= 1, "--steps must be at least 1, was %d", steps);
    KeyValues chosen = KeyValues.ofWords(List.of("batch-size=" + batch, "workers=1"));
    TrainConfig config =
        Configurations.bind(
            TrainConfig.class, common.settings().over(chosen.over(BenchTrainApp.modelKeys(model))));
    SplitMaskTask task = config.benchmarkTask();
    TrainerSettings<SplitMaskBatch> settings = config.trainerSettings(task, 1);
    EngineParity parity =
        EngineParity.of(
            settings,
            new HostEngines(),
            settings.engine(),
            batch,
            task.input().stored().bytes(),
            steps);
    return report(parity, Bounds.of(config.engine().precision()));
  }

  private static Map<String, Object> report(EngineParity parity, Bounds bounds) {
    boolean holds =
        parity.lossDifference() <= bounds.loss() && parity.gradientDistance() <= bounds.gradient();
    System.err.printf(
        Locale.ROOT,
        "losses of %d steps differ by up to %.3g %% (bound %.3g %%); the gradient of %s differs most,"
            + " by %.3g (bound %.3g)%n",
        parity.steps(),
        100 * parity.lossDifference(),
        100 * bounds.loss(),
        parity.tensor(),
        parity.gradientDistance(),
        bounds.gradient());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("steps", parity.steps());
    json.put("lossDifference", parity.lossDifference());
    json.put("lossBound", bounds.loss());
    json.put("gradientDistance", parity.gradientDistance());
    json.put("gradientBound", bounds.gradient());
    json.put("tensor", parity.tensor());
    json.put("holds", holds);
    return json;
  }
}
