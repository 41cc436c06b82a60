/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.splitmask.train.CommandOutcome;

/** The applications' jars in JVMs of their own, beside Spark's jars and those of a test. */
final class Apps {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final int MOST_MINUTES = 4;

  private final Path folder;
  private final List<String> options;
  private final String moreJars;
  private final Map<String, String> environment;
  private final AtomicInteger runs = new AtomicInteger();

  /**
   * Applications with settings that all of them get.
   *
   * @param folder for what they print
   * @param options of their JVMs
   * @param moreJars a class path behind Spark's; may be empty
   */
  Apps(Path folder, List<String> options, String moreJars, Map<String, String> environment) {
    this.folder = folder;
    this.options = List.copyOf(options);
    this.moreJars = moreJars;
    this.environment = Map.copyOf(environment);
  }

  /** A process that runs. */
  record Running(Process process, Path out, Path err) {
    /** Kills it as a machine's end does: nothing of it can react. */
    Running kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
      return this;
    }

    CommandOutcome outcome() throws IOException, InterruptedException {
      if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new AssertionError("it takes too long: " + Files.readString(err));
      }
      return new CommandOutcome(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    }
  }

  /** Starts a command by its main class. */
  Running start(String mainClass, List<String> words) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + HOME.resolve("conf/spark/jvm-options"));
    command.addAll(
        List.of(
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-Dlog4j2.configurationFile=file:" + HOME.resolve("conf/log4j2.properties")));
    command.addAll(options);
    command.add("-cp");
    command.add(
        appJar("spark-job")
            + ":"
            + appJar("data-prep")
            + ":"
            + HOME.resolve("spark-job/target/spark")
            + "/*"
            + (moreJars.isEmpty() ? "" : ":" + moreJars));
    command.add(mainClass);
    command.addAll(words);
    int run = runs.incrementAndGet();
    Path out = folder.resolve(run + ".out");
    Path err = folder.resolve(run + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().putAll(environment);
    return new Running(builder.start(), out, err);
  }

  private static Path appJar(String module) throws IOException {
    try (Stream<Path> files = Files.list(HOME.resolve(module).resolve("target"))) {
      return files
          .filter(file -> file.toString().endsWith("-app.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no app jar of " + module + "; run package first"));
    }
  }
}
