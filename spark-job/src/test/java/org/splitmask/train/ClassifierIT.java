/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.SparkEnv;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.PrepareApp;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.classifier.ClassifierConfig;
import org.splitmask.train.demo.DemoPictures;
import org.splitmask.train.engine.DelegatingEngines;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.host.HostEngines;

/** A second learning task and a second engine train through Spark, with two workers. */
class ClassifierIT {
  private static final List<String> SMALL =
      List.of(
          "crop-size=32",
          "patch-size=8",
          "width=48",
          "depth=2",
          "heads=3",
          "learning-rate=0.002",
          "batch-size=25",
          "workers=2",
          "steps-per-round=2",
          "checkpoint-every=2",
          "layer-decay=0.9");

  @TempDir private static Path folder;
  private static String table = "";
  private static SparkSession session;

  @BeforeAll
  static void prepare() throws IOException {
    session = TrainingFixture.localSession();
    new DemoPictures(11, 400, 32).writeTo(folder.resolve("pictures"));
    table = folder.resolve("table").toString();
    PrepareApp.prepare(
        session,
        List.of(folder.resolve("pictures").toString()),
        table,
        null,
        KeyValues.ofWords(
            List.of("image-size=32", "patch-size=8", "min-side=1", "test-share=0.1")));
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  @Test
  void aClassifierLearnsThroughTheSameWorkers() throws IOException {
    Map<String, Object> result = train("learns", new HostEngines(), "epochs=40");

    List<JsonNode> rounds = rounds("learns");
    double first = rounds.get(0).path("loss").asDouble();
    double last = rounds.get(rounds.size() - 1).path("loss").asDouble();
    System.err.printf("classifier: loss %.3f to %.3f, %s%n", first, last, result);
    // Ten classes, of which it knows nothing at first: ln 10 = 2.303.
    assertThat(first).isBetween(2.2, 2.4);
    assertThat(last).isLessThan(0.8 * first);
    assertThat((Double) result.get("accuracy")).isGreaterThan(0.3);
    assertThat(result).doesNotContainKeys("inpaint", "match");
    assertThat(rounds.get(0).path("workers").asInt()).isEqualTo(2);
    assertThat(folder.resolve("learns/classes.safetensors")).exists();
    assertThat(folder.resolve("learns/codebook.safetensors")).doesNotExist();
  }

  @Test
  void itResumesAndRefusesAnotherIdentityAsAnyRun() throws IOException {
    train("whole", new HostEngines(), "max-updates=8");
    train("resumed", new HostEngines(), "max-updates=4");
    assertThat(rounds("resumed").size()).isLessThan(rounds("whole").size());
    assertThatThrownBy(() -> train("resumed", new HostEngines(), "max-updates=8", "seed=1"))
        .isInstanceOf(SplitMaskException.class)
        .hasMessageContaining("seed=42 in the run, 1 now");
    assertThat(train("resumed", new HostEngines(), "max-updates=8")).containsEntry("updates", 8L);
    assertThat(rounds("resumed")).hasSameSizeAs(rounds("whole"));
  }

  @Test
  void anEngineFromOutsideTakesTheSteps() throws IOException {
    int before = DelegatingEngines.STEPS.get();
    train("delegated", new DelegatingEngines(), "max-updates=4");
    train("direct", new HostEngines(), "max-updates=4");

    assertThat(DelegatingEngines.STEPS.get() - before).as("steps of two workers").isEqualTo(8);
    assertThat(DelegatingEngines.OPEN.get()).as("engines that are still open").isZero();
    assertThat(parameters("delegated")).isEqualTo(parameters("direct"));
  }

  /** Spark itself would leave them until the driver happens to collect garbage. */
  @Test
  void roundsLeaveNoShuffleFilesOnTheExecutors() throws Exception {
    Set<String> before = shuffleFiles(); // those of the preparation, in the same session
    train("shuffles", new HostEngines(), "max-updates=12");
    assertThat(rounds("shuffles")).hasSizeGreaterThan(5);
    for (int i = 0; i < 100 && !before.containsAll(shuffleFiles()); i++) {
      Thread.sleep(100); // the last round's go a moment later
    }
    assertThat(before).as("files before the run").containsAll(shuffleFiles());
  }

  private static Set<String> shuffleFiles() {
    Set<String> names = new TreeSet<>();
    var files = SparkEnv.get().blockManager().diskBlockManager().getAllFiles().iterator();
    while (files.hasNext()) {
      String name = files.next().getName();
      if (name.startsWith("shuffle_")) {
        names.add(name);
      }
    }
    return names;
  }

  private static Map<String, Object> train(String run, EngineFactory engine, String... settings)
      throws IOException {
    KeyValues all = KeyValues.ofWords(List.of(settings)).over(KeyValues.ofWords(SMALL));
    ClassifierConfig config = Configurations.bind(ClassifierConfig.class, all);
    Console console = new Console(Display.PLAIN_LINES, System.err, System::nanoTime);
    RunFiles files =
        new RunFiles(folder.resolve(run).toString(), session.sparkContext().hadoopConfiguration());
    ClassifierTraining kind = new ClassifierTraining(config, engine);
    return new Training<>(session, kind, TableAddress.folder(table), files, console).run();
  }

  private static List<JsonNode> rounds(String run) throws IOException {
    List<JsonNode> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve(run).resolve("metrics.jsonl"))) {
      rounds.add(new ObjectMapper().readTree(line));
    }
    return rounds;
  }

  private static float[] parameters(String run) throws IOException {
    return TrainingFixture.parameters(folder.resolve(run).toString());
  }
}
