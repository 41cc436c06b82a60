/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.train.batch.MiniBatch;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.classifier.ClassifierConfig;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.StepMetrics;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.engine.host.HostEngines;
import org.splitmask.train.optimizer.Optimisation;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.task.LearningTask;

/** Rounds that do not wait for all of their workers. */
class StragglersIT extends TrainingFixture {
  @Test
  void aWorkerThatIsLateIsLeftOutAndItsImagesComeLater() throws Exception {
    int epochs = 3;
    String run = folder.resolve("late").toString();
    Map<String, Object> result =
        classify(run, "min-share-of-workers=0.5", "straggler-seconds=0", "epochs=" + epochs);

    List<JsonNode> rounds = metrics(run);
    JsonNode first = rounds.get(0);
    assertThat(first.path("stragglers").asInt()).isEqualTo(1);
    assertThat(first.path("workers").asInt()).isEqualTo(1);
    assertThat(result).containsEntry("images", (long) epochs * trainImages());
    long images = rounds.stream().mapToLong(round -> round.path("images").asLong()).sum();
    assertThat(images).as("of the workers that were on time").isEqualTo(epochs * trainImages());
    assertThat(SlowOnce.LEFT.await(1, TimeUnit.MINUTES)).as("the slow worker leaves").isTrue();
  }

  @Test
  void aRoundWhoseWorkersAreAllOnTimeIsAnyRound() throws IOException {
    String all = folder.resolve("all").toString();
    train(all, "workers=2", "epochs=2", "steps-per-round=1");
    String patient = folder.resolve("patient").toString();
    train(
        patient,
        "workers=2",
        "epochs=2",
        "steps-per-round=1",
        "min-share-of-workers=0.5",
        "straggler-seconds=600");

    assertThat(parameters(patient)).isEqualTo(parameters(all));
    assertThat(metrics(patient)).allMatch(round -> round.path("stragglers").asInt() == 0);
  }

  private static Map<String, Object> classify(String run, String... settings) throws IOException {
    List<String> model = List.of("crop-size=16", "patch-size=4", "width=16", "depth=1", "heads=2");
    List<String> words = new ArrayList<>(model);
    words.addAll(List.of("batch-size=8", "workers=2", "steps-per-round=2"));
    words.addAll(Arrays.asList(settings));
    ClassifierConfig config = Configurations.bind(ClassifierConfig.class, KeyValues.ofWords(words));
    Console console = new Console(Display.PLAIN_LINES, System.err, System::nanoTime);
    RunFiles files = new RunFiles(run, session.sparkContext().hadoopConfiguration());
    ClassifierTraining kind = new ClassifierTraining(config, new SlowOnce());
    return new Training<>(session, kind, TableAddress.folder(table), files, console).run();
  }

  private static List<JsonNode> metrics(String run) throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of(run, "metrics.jsonl"))) {
      rounds.add(new ObjectMapper().readTree(line));
    }
    return rounds;
  }

  /** The first engine that is opened is slow. */
  private record SlowOnce() implements EngineFactory {
    static final AtomicInteger OPENED = new AtomicInteger();
    static final CountDownLatch LEFT = new CountDownLatch(1);

    @Override
    public <B extends MiniBatch> TrainingEngine<B> open(
        LearningTask<B> task, Optimisation optimisation, int threads) {
      TrainingEngine<B> engine = new HostEngines().open(task, optimisation, threads);
      return OPENED.getAndIncrement() == 0 ? new Slow<>(engine) : engine;
    }

    @Override
    public long heapBytes(int parameters, int batchesPerUpdate) {
      return new HostEngines().heapBytes(parameters, batchesPerUpdate);
    }

    @Override
    public <B extends MiniBatch> long outsideBytes(LearningTask<B> task, int images) {
      return task.stepBytes(images);
    }
  }

  private record Slow<B extends MiniBatch>(TrainingEngine<B> engine) implements TrainingEngine<B> {
    @Override
    public void begin(ModelState start) {
      engine.begin(start);
    }

    /** Long enough for the other worker to be done, and for the driver to have seen it. */
    @Override
    public boolean step(int images, Supplier<B> batches, double rate) {
      try {
        TimeUnit.SECONDS.sleep(5);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return engine.step(images, batches, rate);
    }

    @Override
    public List<StepMetrics> metrics() {
      return engine.metrics();
    }

    @Override
    public ModelState state() {
      return engine.state();
    }

    @Override
    public void close() {
      SlowOnce.LEFT.countDown();
      engine.close();
    }
  }
}
