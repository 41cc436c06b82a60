/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.cli.Console;
import org.splitmask.common.cli.Progress.Display;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.PrepareApp;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.prep.table.Split;
import org.splitmask.prep.table.TableAddress;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.batch.RowGroupCache;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.encoder.TrainedRun;
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.splitmask.SplitMaskBatch;
import org.splitmask.train.splitmask.SplitMaskTask;
import org.splitmask.train.state.OptimizerState;
import org.splitmask.train.tensors.SafeTensors;

/** A small table in a real session, and training on it. */
public abstract class TrainingFixture {
  protected static final List<String> SMALL =
      List.of(
          "crop-size=16",
          "patch-size=4",
          "width=16",
          "depth=1",
          "heads=2",
          "decoder-depth=1",
          "vocabulary=32",
          "batch-size=8",
          "steps-per-round=2",
          "checkpoint-every=2");

  @TempDir protected static Path folder;
  protected static String table;
  protected static SparkSession session;

  @BeforeAll
  static void prepare() throws IOException {
    session = localSession();
    TestPictures.write(folder.resolve("pictures"), 70, 24);
    table = folder.resolve("table").toString();
    PrepareApp.prepare(
        session,
        List.of(folder.resolve("pictures").toString()),
        table,
        null,
        KeyValues.ofWords(List.of("image-size=24", "patch-size=4", "min-side=1")));
  }

  /** Two threads of this process as workers. */
  static SparkSession localSession() {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }

  @AfterAll
  static void stop() {
    session.stop();
  }

  protected static Map<String, Object> train(String run, String... settings) throws IOException {
    return trainOn(table, run, settings);
  }

  protected static Map<String, Object> trainOn(String table, String run, String... settings)
      throws IOException {
    Console console = new Console(Display.PLAIN_LINES, System.err, System::nanoTime);
    return TrainApp.train(session, config(settings), TableAddress.folder(table), run, console);
  }

  /** {@code train} in a process of its own, whose output is in RUN.log. */
  protected static Process process(String run, List<String> jvmOptions, String... settings)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("@"))
            .toList());
    command.addAll(jvmOptions);
    command.addAll(List.of("-Dspark.master=local[2]", "-Dspark.ui.enabled=false"));
    command.addAll(
        List.of("-Dspark.driver.host=127.0.0.1", "-Dspark.driver.bindAddress=127.0.0.1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainApp.class.getName()));
    command.addAll(List.of("--table", table, "--output", run));
    List<String> given = List.of(settings);
    for (String word : SMALL) {
      String key = word.substring(0, word.indexOf('=') + 1);
      if (given.stream().noneMatch(setting -> setting.startsWith(key))) {
        command.add(word);
      }
    }
    command.addAll(given);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Path.of(run + ".log").toFile())
        .start();
  }

  protected static void awaitCheckpoint(Process process, String run) throws Exception {
    Path checkpoint = Path.of(run, "checkpoints", "round-000004");
    for (int i = 0; i < 1200 && process.isAlive() && !Files.exists(checkpoint); i++) {
      Thread.sleep(50);
    }
    assertThat(checkpoint).as("a checkpoint to resume from").exists();
    assertThat(process.isAlive()).as("the process is still training").isTrue();
  }

  protected static TrainConfig config(String... settings) {
    KeyValues all = KeyValues.ofWords(List.of(settings)).over(KeyValues.ofWords(SMALL));
    return Configurations.bind(TrainConfig.class, all);
  }

  protected static int trainImages() {
    return PatchTable.open(table, new Configuration()).snapshot().rowGroups(Split.TRAIN).stream()
        .mapToInt(RowGroup::rows)
        .sum();
  }

  /**
   * The run of {@code workers=1 epochs=2} without Spark, averages or a checkpoint in between.
   *
   * @param keepsMoments whether a round begins with the moments of the one before
   */
  protected static float[] trainedLocally(String run, boolean keepsMoments) throws IOException {
    Configuration hadoop = new Configuration();
    TableSnapshot snapshot = PatchTable.open(table, hadoop).snapshot();
    List<RowGroup> groups = snapshot.rowGroups(Split.TRAIN);
    TrainConfig config = config("workers=1", "epochs=2");
    SplitMaskTask task = TrainedRun.open(run, hadoop).task(snapshot);
    TrainerSettings<SplitMaskBatch> settings = config.trainerSettings(task, 1);
    RowGroupCache cache = new RowGroupCache(hadoop, 1 << 20);
    TableRows rows = new TableRows(groups, settings.loading().mixedRowGroups(), 42, cache::rows);
    OptimizerState state = OptimizerState.start(InitialParameters.all(task.layout(), 42));
    RoundPlanner planner = config.run().planner(trainImages());
    Cursor cursor = Cursor.start();
    try (LocalTrainer<SplitMaskBatch> trainer =
        new LocalTrainer<>(settings, InstantSource.system())) {
      while (!planner.isDone(cursor)) {
        RoundPlan plan = planner.plan(cursor);
        trainer.train(0, state, plan.steps().get(0), rows);
        OptimizerState after = OptimizerState.copyOf(trainer.state());
        state = keepsMoments ? after : OptimizerState.start(after.parameters());
        cursor = plan.next();
      }
    }
    return state.parameters();
  }

  protected static String newestManifest(String run) throws IOException {
    return Files.readString(newestCheckpoint(run).resolve("manifest.json"));
  }

  private static Path newestCheckpoint(String run) throws IOException {
    try (Stream<Path> checkpoints = Files.list(Path.of(run, "checkpoints"))) {
      return checkpoints
          .filter(path -> path.getFileName().toString().startsWith("round-"))
          .sorted()
          .reduce((a, b) -> b)
          .orElseThrow();
    }
  }

  protected static float[] parameters(String run) throws IOException {
    byte[] bytes = Files.readAllBytes(newestCheckpoint(run).resolve("parameters.safetensors"));
    SafeTensors tensors =
        SafeTensors.read(new java.io.ByteArrayInputStream(bytes), run, bytes.length);
    List<Float> values = new ArrayList<>();
    for (SafeTensors.Tensor tensor : tensors.tensors().values()) {
      for (float value : tensor.floats()) {
        values.add(value);
      }
    }
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i);
    }
    return vector;
  }
}
