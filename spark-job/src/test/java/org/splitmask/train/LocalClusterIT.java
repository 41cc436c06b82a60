/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.train.LauncherIT.words;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.train.checkpoint.CheckpointStore;
import org.splitmask.train.checkpoint.RunFiles;

/**
 * Training whose workers are processes of their own: a standalone master, two workers and their
 * executors, which Spark starts for {@code local-cluster} from the jars that the launcher runs
 * locally. What tasks need and return goes through serialisers and sockets, as on any cluster.
 */
class LocalClusterIT {
  @TempDir private static Path folder;
  private static Launcher launcher;
  private static Path sparkHome;
  private static String table = "";

  @BeforeAll
  static void prepare() throws IOException {
    launcher = new Launcher(folder);
    sparkHome = launcher.sparkSubmit().getParent().getParent();
    TestPictures.write(folder.resolve("pictures"), 80, 24);
    table = folder.resolve("table").toString();
    launcher
        .splitmask(
            Map.of(),
            words(
                "prepare --input",
                folder.resolve("pictures"),
                "--output",
                table,
                TinyModel.PREPARATION))
        .succeeded();
  }

  @Test
  void executorsOfTheirOwnTrainTheSameBitsAsThreads() throws IOException {
    Path threads = train("local[2]");
    Set<Path> before = executors();
    Path processes = train("local-cluster[2,1,1024]");
    Set<Path> after = executors();

    after.removeAll(before);
    assertThat(after).as("folders of executors that were started").hasSize(2);
    assertThat(newestCheckpoint(processes)).hasSize(5).isEqualTo(newestCheckpoint(threads));
  }

  /** Trains some rounds and an unfinished epoch of two workers; its run. */
  private static Path train(String master) {
    Path run = folder.resolve(master.replaceAll("\\W", "-"));
    List<String> command = words("train --conf spark.ui.enabled=false --master", master);
    // As a cluster's default may have it; records must not go through it.
    command.addAll(words("--conf spark.serializer=org.apache.spark.serializer.KryoSerializer"));
    command.addAll(words("--table", table, "--output", run, TinyModel.TRAINING));
    command.addAll(words("workers=2 steps-per-round=1"));
    CommandOutcome outcome =
        launcher.splitmask(Map.of("SPARK_HOME", sparkHome.toString()), command).succeeded();
    assertThat(outcome.json().path("rounds").asInt()).isGreaterThan(3);
    return run;
  }

  /** The folders that workers have made for executors, WORK/APPLICATION/EXECUTOR. */
  private static Set<Path> executors() throws IOException {
    Path work = sparkHome.resolve("work");
    if (!Files.exists(work)) {
      return new TreeSet<>();
    }
    try (Stream<Path> files = Files.walk(work, 2)) {
      return files
          .filter(file -> work.relativize(file).getNameCount() == 2)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** All files of the newest checkpoint, but for Hadoop's checksums of them. */
  private static Map<String, ByteBuffer> newestCheckpoint(Path run) throws IOException {
    RunFiles files = new RunFiles(run.toString(), new Configuration());
    Path newest = run.resolve("checkpoints").resolve(CheckpointStore.folders(files).get(0));
    Map<String, ByteBuffer> contents = new TreeMap<>();
    try (Stream<Path> inside = Files.list(newest)) {
      for (Path file : inside.filter(file -> !file.toString().endsWith(".crc")).toList()) {
        contents.put(file.getFileName().toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
