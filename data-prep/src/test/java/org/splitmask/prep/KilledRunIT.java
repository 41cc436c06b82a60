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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.table.PatchTable;

/** Real processes, killed while they write. */
class KilledRunIT extends RerunFixture {
  @Test
  void aKilledRunLeavesTheTableAsItWasAndTheNextCompletesIt() throws Exception {
    run("first").waitFor();
    TableContents before = TableContents.of(table);
    assertThat(before.pictures()).hasSize(30);
    Set<Path> filesBefore = dataFiles();
    for (int i = 100; i < 400; i++) {
      write("hats/" + i + ".jpg", jpeg(noise(40, 40, i)));
    }
    Files.delete(input.resolve("bags/5.jpg"));

    Process killed = run("killed");
    awaitNewDataFile(killed, filesBefore);
    killed.destroyForcibly().waitFor();

    assertThat(Path.of(table, "_writer.lease")).as("what the dead process left").exists();
    assertThat(dataFiles()).hasSizeGreaterThan(filesBefore.size());
    assertThat(TableContents.of(table)).isEqualTo(before);
    Process second = run("second", "--clean", "--keep-days", "0");
    assertThat(second.waitFor()).as(output("second")).isZero();
    assertThat(output("second")).contains("\"accepted\":300", "\"removed\":1", "\"unchanged\":29");
    assertThat(dataFiles()).isEqualTo(liveFiles());
    assertThat(leftBesideTheTables()).isEmpty();
    assertThat(TableContents.of(table)).isEqualTo(madeAtOnce());
  }

  private Process run(String name, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (argument.startsWith("--add-opens") || argument.startsWith("-XX")) {
        command.add(argument);
      }
    }
    command.addAll(
        List.of(
            "-Xmx1g",
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-Dspark.driver.host=127.0.0.1",
            "-Dspark.driver.bindAddress=127.0.0.1",
            "-Dspark.sql.shuffle.partitions=2",
            "-Dspark.hadoop.fs.slow.impl=" + SlowFiles.class.getName()));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), PrepareApp.class.getName()));
    command.addAll(List.of("--input", "slow:" + input, "--output", table));
    command.addAll(List.of("image-size=32", "patch-size=8", "files-per-task=20"));
    command.addAll(List.of(more));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private void awaitNewDataFile(Process process, Set<Path> before) throws Exception {
    for (int i = 0; i < 2400 && process.isAlive() && dataFiles().size() == before.size(); i++) {
      TimeUnit.MILLISECONDS.sleep(25);
    }
    assertThat(process.isAlive()).as("the process still prepares: %s", output("killed")).isTrue();
  }

  private String output(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  private Set<Path> dataFiles() throws IOException {
    try (var walk = Files.walk(Path.of(table, "patches", "data"))) {
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
