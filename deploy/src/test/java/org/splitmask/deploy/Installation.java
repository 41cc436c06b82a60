/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.splitmask.train.CommandOutcome;

/**
 * The distribution, unpacked into an empty folder, and a Spark to run it with: a stock one where
 * {@code SPLITMASK_SPARK_HOME} names it, and else one made of Spark's jars as Maven has them.
 */
final class Installation {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  /** JVMs that live for seconds do with the first compiler. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  private final Path folder;
  private final Path home;
  private final Path sparkHome;
  private final AtomicInteger runs = new AtomicInteger();

  private Installation(Path folder, Path home, Path sparkHome) {
    this.folder = folder;
    this.home = home;
    this.sparkHome = sparkHome;
  }

  /** Unpacks it into a new folder. */
  static Installation in(Path folder) throws IOException {
    Files.createDirectories(folder);
    Path archive;
    try (Stream<Path> files = Files.list(TARGET)) {
      archive =
          files
              .filter(file -> file.toString().endsWith("-bin.tar.gz"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no distribution; run package first"));
    }
    CommandOutcome unpacked =
        run(folder, Map.of(), List.of("tar", "-xzf", archive.toString()), "unpack");
    unpacked.succeeded();
    try (Stream<Path> files = Files.list(folder)) {
      Path home = files.filter(Files::isDirectory).findFirst().orElseThrow();
      return new Installation(folder, home, findSpark());
    }
  }

  private static Path findSpark() throws IOException {
    String stock = System.getenv("SPLITMASK_SPARK_HOME");
    if (stock != null && !stock.isEmpty()) {
      return Path.of(stock);
    }
    System.err.println(
        "no stock Spark (SPLITMASK_SPARK_HOME): one made of Maven's jars takes its place");
    Path made = TARGET.resolve("spark");
    Path submit = made.resolve("bin/spark-submit");
    Files.createDirectories(submit.getParent());
    try (var stream = Installation.class.getResourceAsStream("/spark-submit")) {
      Files.write(submit, Objects.requireNonNull(stream).readAllBytes());
    }
    assertThat(submit.toFile().setExecutable(true)).isTrue();
    return made;
  }

  Path home() {
    return home;
  }

  Path sparkHome() {
    return sparkHome;
  }

  /** Runs {@code ./splitmask} with these words. */
  CommandOutcome splitmask(Map<String, String> environment, List<?>... words) throws IOException {
    List<String> command = new ArrayList<>(List.of(home.resolve("splitmask").toString()));
    for (List<?> some : words) {
      some.forEach(word -> command.add(word.toString()));
    }
    if (command.contains("--master")) {
      for (String who : List.of("driver", "executor")) {
        command.addAll(2, List.of("--conf", "spark." + who + ".extraJavaOptions=" + QUICK));
      }
    }
    return run(folder, with(environment), command, String.valueOf(runs.incrementAndGet()));
  }

  /** Starts a class of Spark's and lets it run. */
  Process sparkClass(Map<String, String> environment, String mainClass, String... words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(JAVA_HOME.resolve("bin/java").toString());
    command.add("@" + home.resolve("conf/spark/jvm-options"));
    command.addAll(List.of("-Xmx256m", QUICK, "-cp", sparkHome + "/jars/*", mainClass));
    command.addAll(List.of(words));
    Path log = folder.resolve(mainClass + runs.incrementAndGet() + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(log.toFile())
            .redirectErrorStream(true);
    builder.environment().putAll(with(environment));
    return builder.start();
  }

  private Map<String, String> with(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>();
    all.put("JAVA_HOME", JAVA_HOME.toString());
    all.put("SPARK_HOME", sparkHome.toString());
    all.put("SPARK_SCALA_VERSION", "2.12");
    all.put("SPARK_LOCAL_IP", "127.0.0.1");
    all.put("LC_ALL", "C.UTF-8");
    all.put("SPLITMASK_JAVA_OPTIONS", QUICK);
    all.put("SPARK_SUBMIT_OPTS", QUICK);
    all.putAll(environment);
    return all;
  }

  private static CommandOutcome run(
      Path folder, Map<String, String> environment, List<String> command, String name)
      throws IOException {
    Path out = folder.resolve(name + ".out");
    Path err = folder.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(Duration.ofMinutes(4).toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("four minutes were not enough for " + command);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return new CommandOutcome(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
