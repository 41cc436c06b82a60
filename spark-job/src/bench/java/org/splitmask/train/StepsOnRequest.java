/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.local.StepBenchmark;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskTask;

/**
 * The steps of {@code bench train}, taken when they are asked for, so that processes of two
 * checkouts can take turns. {@code train_in_turn.py} starts it as one source file beside the jars
 * of each checkout, so it may use only what all of them have.
 *
 * <p>Arguments: MODEL BATCH THREADS. Each line that it reads is {@code steps N} or {@code data N};
 * it answers with the images a second of N steps: on a mini-batch that is there, or on mini-batches
 * that the loader makes meanwhile.
 */
public final class StepsOnRequest {
  private StepsOnRequest() {}

  public static void main(String[] arguments) throws Exception {
    TrainConfig config = config(arguments[0], arguments[1], arguments[2]);
    int batch = config.run().batchSize();
    SplitMaskTask task = config.benchmarkTask();
    TrainerSettings<SplitMaskBatch> settings = config.trainerSettings(task, 1);
    int pictureBytes = task.input().stored().bytes();
    BufferedReader requests =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (StepBenchmark<SplitMaskBatch> benchmark =
        new StepBenchmark<>(settings, batch, pictureBytes, System::nanoTime)) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        String[] words = line.split(" ", -1);
        int steps = Integer.parseInt(words[1]);
        double seconds =
            words[0].equals("data") ? withData(benchmark, steps) : steps(benchmark, steps);
        System.out.println(String.format(Locale.ROOT, "%.5f", steps * batch / seconds));
        System.out.flush();
      }
    }
  }

  private static TrainConfig config(String model, String batch, String threads) throws Exception {
    KeyValues chosen =
        KeyValues.ofWords(List.of("batch-size=" + batch, "threads=" + threads, "workers=1"));
    String file = "/" + model + ".yaml";
    try (InputStream stream =
        Objects.requireNonNull(TrainConfig.class.getResourceAsStream(file), file)) {
      return Configurations.bind(
          TrainConfig.class, chosen.over(KeyValues.ofYaml(stream, "conf" + file)));
    }
  }

  private static double withData(StepBenchmark<SplitMaskBatch> benchmark, int steps) {
    return benchmark.withData(steps).seconds();
  }

  private static double steps(StepBenchmark<SplitMaskBatch> benchmark, int steps) {
    double seconds = 0;
    for (int i = 0; i < steps; i++) {
      seconds += benchmark.step();
    }
    return seconds;
  }
}
