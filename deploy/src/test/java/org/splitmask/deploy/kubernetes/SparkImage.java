/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the image holds, as folders: a Spark of the jars that the launcher runs locally, with its
 * part for Kubernetes; and the application's jars and configuration.
 *
 * @param sparkHome stands for /opt/spark
 * @param splitMask stands for /opt/splitmask
 */
record SparkImage(Path sparkHome, Path splitMask) {
  static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Path SPARK_JARS = REPOSITORY.resolve("spark-job/target/spark");

  /** What spark-kubernetes needs beyond Spark's other parts: in the image's /opt/spark/jars. */
  private static final List<String> KUBERNETES_JARS =
      List.of(
          "spark-kubernetes_",
          "kubernetes-",
          "okhttp-",
          "okio-",
          "logging-interceptor-",
          "zjsonpatch-",
          "snakeyaml-2",
          "snakeyaml-engine-",
          "jackson-dataformat-yaml-",
          "jackson-datatype-jsr310-");

  static SparkImage in(Path folder) throws IOException {
    Path jars = Files.createDirectories(folder.resolve("opt/spark/jars"));
    try (Stream<Path> files = Files.list(SPARK_JARS)) {
      link(files.toList(), jars);
    }
    link(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .filter(
                file ->
                    KUBERNETES_JARS.stream().anyMatch(file.getFileName().toString()::startsWith))
            .toList(),
        jars);
    Path home = Files.createDirectories(folder.resolve("opt/splitmask"));
    Files.createDirectories(home.resolve("jars"));
    link(home.resolve("jars/data-prep.jar"), applicationJar("data-prep"));
    link(home.resolve("jars/spark-job.jar"), applicationJar("spark-job"));
    link(home.resolve("conf"), REPOSITORY.resolve("conf"));
    return new SparkImage(folder.resolve("opt/spark"), home);
  }

  /**
   * For processes that live for seconds: they compile less. The name is of the java program's own.
   */
  static final Map<String, String> QUICK_START =
      Map.of("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC");

  /** The class path that spark-submit has. */
  String classPath() {
    return sparkHome.resolve("jars") + "/*";
  }

  /**
   * What the image's entry point makes of the words {@code driver ARGUMENT...}: spark-submit in
   * client mode, which asks this class of the launcher's for its command.
   */
  List<String> driverCommand(List<String> arguments, Map<String, String> environment) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "-cp",
                classPath(),
                "org.apache.spark.launcher.Main",
                "org.apache.spark.deploy.SparkSubmit",
                "--conf",
                "spark.driver.bindAddress=" + environment.get("SPARK_DRIVER_BIND_ADDRESS"),
                "--deploy-mode",
                "client"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.environment().put("SPARK_HOME", sparkHome.toString());
    // As bin/load-spark-env.sh sets it.
    builder.environment().put("SPARK_SCALA_VERSION", "2.12");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = builder.start();
      String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(command + " failed: " + words);
      }
      return Stream.of(words.split("\0"))
          .filter(word -> !word.isBlank())
          .map(String::strip)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the image's entry point makes of the word {@code executor}. */
  List<String> executorCommand(Map<String, String> environment) {
    List<String> command = new ArrayList<>(List.of(java()));
    environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith("SPARK_JAVA_OPT_"))
        .map(Map.Entry::getValue)
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xms" + environment.get("SPARK_EXECUTOR_MEMORY"),
            "-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"),
            "-cp",
            environment.get("SPARK_CONF_DIR") + ":" + classPath(),
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
            "--driver-url",
            environment.get("SPARK_DRIVER_URL"),
            "--executor-id",
            environment.get("SPARK_EXECUTOR_ID"),
            "--cores",
            environment.get("SPARK_EXECUTOR_CORES"),
            "--app-id",
            environment.get("SPARK_APPLICATION_ID"),
            "--hostname",
            environment.get("SPARK_EXECUTOR_POD_IP"),
            "--resourceProfileId",
            environment.get("SPARK_RESOURCE_PROFILE_ID"),
            "--podName",
            environment.get("SPARK_EXECUTOR_POD_NAME")));
    return command;
  }

  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path applicationJar(String module) throws IOException {
    try (Stream<Path> files = Files.list(REPOSITORY.resolve(module).resolve("target"))) {
      return files
          .filter(file -> file.toString().endsWith("-app.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no app jar of " + module + "; package it first"));
    }
  }

  private static void link(List<Path> files, Path folder) throws IOException {
    for (Path file : files) {
      link(folder.resolve(file.getFileName()), file);
    }
  }

  private static void link(Path link, Path target) throws IOException {
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, target);
    }
  }
}
