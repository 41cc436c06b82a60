/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.prep.Pictures.jpeg;
import static org.splitmask.prep.Pictures.noise;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.table.PatchTable;

/** Real processes, killed while they write. */
class KilledRunIT extends RerunFixture {
  /** JVMs that live for seconds do with the first compiler. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  @Test
  void aKilledRunLeavesTheTableAsItWasAndTheNextCompletesIt() throws Exception {
    run("first", "local[2]").waitFor();
    TableContents before = TableContents.of(table);
    assertThat(before.pictures()).hasSize(30);
    Set<Path> filesBefore = dataFiles();
    for (int i = 100; i < 400; i++) {
      write("hats/" + i + ".jpg", jpeg(noise(40, 40, i)));
    }
    Files.delete(input.resolve("bags/5.jpg"));

    Process killed = run("killed", "local[2]");
    awaitNewDataFile(killed, "killed", filesBefore);
    killed.destroyForcibly().waitFor();

    assertThat(Path.of(table, "_writer.lease")).as("what the dead process left").exists();
    assertThat(dataFiles()).hasSizeGreaterThan(filesBefore.size());
    assertThat(TableContents.of(table)).isEqualTo(before);
    Process second = run("second", "local[2]", "--clean", "--keep-days", "0");
    assertThat(second.waitFor()).as(output("second")).isZero();
    assertThat(output("second")).contains("\"accepted\":300", "\"removed\":1", "\"unchanged\":29");
    assertThat(dataFiles()).isEqualTo(liveFiles());
    assertThat(leftBesideTheTables()).isEmpty();
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  @Test
  void aKilledExecutorIsReplacedAndNothingIsLost() throws Exception {
    for (int i = 100; i < 300; i++) {
      write("hats/" + i + ".jpg", jpeg(noise(40, 40, i)));
    }

    Process run = run("executors", "local-cluster[2,1,1024]");
    awaitNewDataFile(run, "executors", Set.of());
    ProcessHandle executor = executors(run).get(0);
    assertThat(executor.destroyForcibly()).isTrue();

    assertThat(run.waitFor()).as(output("executors")).isZero();
    assertThat(output("executors")).contains("Lost executor", "\"accepted\":230");
    assertThat(dataFiles()).as("with those of the lost tasks").containsAll(liveFiles());
    assertThat(run("cleaning", "local[2]", "--clean", "--keep-days", "0").waitFor()).isZero();
    assertThat(dataFiles()).isEqualTo(liveFiles());
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  @Test
  void ofTwoRunsAtOnceTheLaterIsSentAwayAndTheFirstGoesOn() throws Exception {
    for (int i = 100; i < 500; i++) {
      write("hats/" + i + ".jpg", jpeg(noise(40, 40, i)));
    }

    Process first = run("first", "local[1]");
    await(first, "first", () -> Files.exists(Path.of(table, "_writer.lease")));
    Process later = run("later", "local[1]");

    assertThat(later.waitFor()).as(output("later")).isEqualTo(4);
    assertThat(output("later")).contains("is being written by run");
    assertThat(first.waitFor()).as(output("first")).isZero();
    assertThat(output("first")).contains("\"accepted\":430");
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  private static List<ProcessHandle> executors(Process run) {
    List<ProcessHandle> executors =
        run.children() // an executor that starts a program is twice there for a moment
            .filter(process -> process.info().command().orElse("").endsWith("/java"))
            .toList();
    assertThat(executors).hasSize(2);
    return executors;
  }

  private Process run(String name, String master, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-opens") || argument.startsWith("-XX")) {
        command.add(argument);
      }
    }
    String classPath = System.getProperty("java.class.path");
    command.addAll(
        List.of(
            "-Xmx1g",
            QUICK,
            "-Dspark.executor.extraJavaOptions=" + QUICK,
            "-Dspark.master=" + master,
            "-Dspark.ui.enabled=false",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1",
            "-Dspark.executor.extraClassPath=" + classPath,
            "-Dspark.sql.shuffle.partitions=2",
            "-Dspark.hadoop.fs.slow.impl=" + SlowFiles.class.getName()));
    command.addAll(List.of("-cp", classPath, PrepareApp.class.getName()));
    command.addAll(List.of("--input", "slow:" + input, "--output", table));
    command.addAll(List.of("image-size=32", "patch-size=8", "files-per-task=20"));
    command.addAll(List.of(more));
    ProcessBuilder process = new ProcessBuilder(command);
    // Executors are started from there; what they need is on their class path already.
    Path spark = folder.resolve("spark");
    Files.createDirectories(spark.resolve("jars"));
    process.environment().put("SPARK_HOME", spark.toString());
    process.environment().put("SPARK_SCALA_VERSION", "2.12");
    process.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    return process
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private void awaitNewDataFile(Process process, String name, Set<Path> before) throws Exception {
    await(process, name, () -> dataFiles().size() > before.size());
  }

  private void await(Process process, String name, Callable<Boolean> happened) throws Exception {
    for (int i = 0; i < 2400 && process.isAlive() && !happened.call(); i++) {
      TimeUnit.MILLISECONDS.sleep(25);
    }
    assertThat(process.isAlive()).as("the process still prepares: %s", output(name)).isTrue();
  }

  private String output(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  private Set<Path> dataFiles() throws IOException {
    Path data = Path.of(table, "patches", "data");
    if (!Files.exists(data)) {
      return Set.of();
    }
    try (var walk = Files.walk(data)) {
      return walk.filter(file -> file.toString().endsWith(".parquet")).collect(Collectors.toSet());
    }
  }

  private Set<Path> liveFiles() {
    return PatchTable.open(table, new Configuration()).snapshot().dataFiles().stream()
        .map(file -> Path.of(file.replace("file:", "")))
        .collect(Collectors.toSet());
  }

  private List<String> leftBesideTheTables() throws IOException {
    try (var entries = Files.list(Path.of(table))) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !List.of("patches", "rejected", "runs").contains(name))
          .toList();
    }
  }
}
