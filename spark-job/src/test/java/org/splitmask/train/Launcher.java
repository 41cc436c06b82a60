/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Starts {@code ./splitmask} and plain JVMs as a person does: another process, an environment. */
final class Launcher {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Path SPARK = HOME.resolve("spark-job/target/spark");

  private final Path folder;
  private final AtomicInteger runs = new AtomicInteger();

  /**
   * The launcher of the jars that this build has just made.
   *
   * @param folder for what the processes print
   */
  Launcher(Path folder) throws IOException {
    this.folder = folder;
    for (String module : List.of("data-prep", "spark-job")) {
      // A jar that is the same again keeps its time, and the launcher would build within the build.
      Files.setLastModifiedTime(appJar(module), FileTime.from(Instant.now()));
    }
  }

  static Path appJar(String module) {
    try (Stream<Path> files = Files.list(HOME.resolve(module).resolve("target"))) {
      return files
          .filter(file -> file.toString().endsWith("-app.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no app jar of " + module + "; run package first"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String readme() throws IOException {
    return Files.readString(HOME.resolve("README.md"));
  }

  /** The spark-submit of a Spark made of the jars that the launcher runs locally. */
  Path sparkSubmit() throws IOException {
    Path home = folder.resolve("spark-home");
    Files.createDirectories(home.resolve("bin"));
    Files.deleteIfExists(home.resolve("jars"));
    Files.createSymbolicLink(home.resolve("jars"), SPARK);
    try (InputStream stream = Launcher.class.getResourceAsStream("/spark-submit")) {
      byte[] text = Objects.requireNonNull(stream).readAllBytes();
      return script(home.resolve("bin/spark-submit"), new String(text, StandardCharsets.UTF_8));
    }
  }

  /** Does both at once; a JVM that starts has work for little more than one core. */
  static void together(Runnable one, Runnable other) {
    CompletableFuture<Void> aside = CompletableFuture.runAsync(other);
    one.run();
    aside.join();
  }

  /** Writes a program. */
  static Path script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return file;
  }

  /** Runs {@code ./splitmask} with these words; of the caller's locale nothing is left. */
  CommandOutcome splitmask(Map<String, String> environment, List<String> words) {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("splitmask").toString()));
    command.addAll(words);
    return run(environment, command);
  }

  /** Runs a main class of the training's jar with nothing but Spark beside it. */
  CommandOutcome java(Map<String, String> environment, String mainClass, String... words) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + HOME.resolve("conf/spark/jvm-options"));
    command.addAll(List.of("-cp", appJar("spark-job") + ":" + SPARK + "/*", mainClass));
    command.addAll(List.of(words));
    return run(environment, command);
  }

  /**
   * Runs any main class, with options of its own.
   *
   * @param classPath beside Spark
   */
  CommandOutcome java(
      Map<String, String> environment,
      String classPath,
      List<String> options,
      String mainClass,
      List<String> words,
      Duration most) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + HOME.resolve("conf/spark/jvm-options"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath + ":" + SPARK + "/*", mainClass));
    command.addAll(words);
    return run(environment, command, most);
  }

  private CommandOutcome run(Map<String, String> environment, List<String> command) {
    return run(environment, command, Duration.ofMinutes(3));
  }

  private CommandOutcome run(Map<String, String> environment, List<String> command, Duration most) {
    int run = runs.incrementAndGet();
    Path out = folder.resolve(run + ".out");
    Path err = folder.resolve(run + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    Map<String, String> all = builder.environment();
    all.keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
    all.putAll(quick());
    all.putAll(environment);
    try {
      Process process = builder.start();
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(most + " was not enough for " + command);
      }
      return new CommandOutcome(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** JVMs that live for seconds do with the first compiler, and need no proof of their classes. */
  private static Map<String, String> quick() {
    Map<String, String> environment = new HashMap<>();
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put(
        "JAVA_TOOL_OPTIONS",
        "-XX:TieredStopAtLevel=1 -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    return environment;
  }
}
