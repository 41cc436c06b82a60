/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Diagnosis;

/** Every command through {@code ./splitmask}, with the class path that it gives them. */
class LauncherIT {
  private static final Map<String, String> UTF8 = Map.of("LC_ALL", "C.UTF-8");

  @TempDir private static Path folder;
  private static Launcher launcher;
  private static Path sparkSubmit;

  @BeforeAll
  static void drawPictures() throws IOException {
    launcher = new Launcher(folder);
    sparkSubmit = launcher.sparkSubmit();
    TestPictures.write(folder.resolve("pictures"), 24, 24);
  }

  /** A command's words and a key of its result, in an order in which each finds what it needs. */
  private static Map<String, List<String>> commands(Path at) {
    String table = at.resolve("table").toString();
    String run = at.resolve("run").toString();
    String pictures = folder.resolve("pictures").toString();
    Map<String, List<String>> commands = new LinkedHashMap<>();
    commands.put(
        "accepted in prepare",
        words(
            "prepare --input",
            pictures,
            "--output",
            table,
            "--result",
            at.resolve("night.json"),
            TinyModel.PREPARATION));
    commands.put("found in result", words("result", at.resolve("night.json")));
    commands.put("fingerprint in inspect of a table", words("inspect", table));
    commands.put(
        "snapshots in inspect with a sheet",
        words("inspect", table, "--sheet", at.resolve("sheet.png").toString()));
    commands.put(
        "checkpoint in train", words("train --table", table, "--output", run, TinyModel.TRAINING));
    commands.put("roundsLeft in plan", words("plan --table", table, TinyModel.TRAINING));
    commands.put("checkpoints in inspect of a run", words("inspect", run));
    commands.put(
        "perplexity in codebook",
        words("codebook --tokenizer random-patches --table", table, TinyModel.CODEBOOK));
    commands.put("knn in evaluate", words("evaluate --run", run, "--table", table));
    commands.put(
        "tensors in export",
        words("export --run", run, "--output", at.resolve("encoder.safetensors").toString()));
    commands.put(
        "linear in demo",
        words("demo --pictures 60 --output", at.resolve("demo").toString(), TinyModel.DEMO));
    commands.put(
        "imagesPerSecondPerCore in bench prepare",
        words("bench prepare --runs 1 --warmup 0 --input", pictures, TinyModel.PREPARATION));
    commands.put(
        "shareOfSgemm in bench train",
        words("bench train --model vit-micro --batch 2 --runs 1 --warmup 0 depth=1"));
    commands.put(
        "holds in bench parity",
        words("bench parity --model vit-micro --batch 2 --steps 1 depth=1 decoder-depth=1"));
    return commands;
  }

  @Test
  void everyCommandHasTheClassPathThatItNeeds() {
    Launcher.together(
        () -> runAll(folder.resolve("locally"), List.of()),
        () ->
            runAll(
                folder.resolve("submitted"),
                List.of(
                    "--master",
                    "local[2]",
                    "--spark-submit",
                    sparkSubmit.toString(),
                    "--conf",
                    "spark.ui.enabled=false")));
  }

  private static void runAll(Path at, List<String> submitting) {
    commands(at)
        .forEach(
            (name, words) -> {
              List<String> all = new ArrayList<>(words);
              all.addAll(1, submitting);
              CommandOutcome outcome = launcher.splitmask(UTF8, all);
              assertThat(outcome.exitCode()).as("%s: %s", name, outcome.err()).isZero();
              assertThat(outcome.json().fieldNames())
                  .toIterable()
                  .as("%s %s", name, submitting)
                  .contains(name.substring(0, name.indexOf(' ')));
            });
    assertThat(at.resolve("sheet.png")).isNotEmptyFile();
    assertThat(at.resolve("encoder.safetensors")).isNotEmptyFile();
  }

  @Test
  void everyCommandThatPeopleAreToldOfIsRunHere() throws IOException {
    Set<String> run =
        commands(folder).values().stream()
            .map(words -> words.get(0).equals("bench") ? "bench " + words.get(1) : words.get(0))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> told = new TreeSet<>();
    CommandOutcome all = launcher.splitmask(UTF8, List.of("--help")).succeeded();
    assertThat(all.out().lines()).allMatch(line -> line.length() <= 100, "100 columns");
    for (String command : listed(all)) {
      if (run.contains(command)) {
        told.add(command);
      } else { // it has commands of its own, or is missing here
        CommandOutcome help = launcher.splitmask(UTF8, List.of(command, "--help")).succeeded();
        listed(help).forEach(part -> told.add(command + " " + part));
      }
    }

    assertThat(told).isEqualTo(run);
    assertThat(matches("\\./splitmask ([a-z]+)", Launcher.readme()))
        .isNotEmpty()
        .isSubsetOf(told.stream().map(command -> command.replaceFirst(" .*", "")).toList());
  }

  /** A filesystem that nobody could find without the configuration. */
  @Test
  void resultReadsHadoopsConfiguration() throws IOException {
    Path results = Files.createDirectories(folder.resolve("results of hadoop"));
    Files.writeString(
        results.resolve("night.json"),
        "{\"exit\":{\"code\":0,\"name\":\"done\",\"worthRetry\":false},\"result\":{\"found\":7}}");
    Path configuration = Files.createDirectories(folder.resolve("hadoop-conf"));
    Files.writeString(
        configuration.resolve("core-site.xml"),
        "<configuration><property><name>fs.viewfs.mounttable.there.link./results</name><value>"
            + results.toUri()
            + "</value></property></configuration>");
    List<String> words = words("result viewfs://there/results/night.json");

    Map<String, String> environment = new HashMap<>(UTF8);
    assertThat(launcher.splitmask(environment, words).exitCode()).isNotZero();
    environment.put("HADOOP_CONF_DIR", configuration.toString());
    CommandOutcome found = launcher.splitmask(environment, words).succeeded();

    assertThat(found.json().path("found").asInt()).isEqualTo(7);
  }

  @Test
  void aJarThatWasLeftOutIsADefectAndNoReasonToRetry() {
    String pictures = folder.resolve("pictures").toString();

    CommandOutcome outcome =
        launcher.java(UTF8, BenchApp.class.getName(), "prepare", "--input", pictures);

    assertThat(outcome.err()).contains("error: the class org.bytedeco.opencv", "--jars");
    assertThat(outcome.exitCode()).isEqualTo(70);
  }

  @Test
  void aMachineWithoutNativesForItIsNamed() {
    CommandOutcome outcome =
        launcher.splitmask(
            Map.of("SPLITMASK_JAVA_OPTIONS", "-Dorg.bytedeco.javacpp.platform=linux-arm64"),
            words(
                "prepare --input",
                folder.resolve("pictures"),
                "--output",
                folder.resolve("other-machine"),
                TinyModel.PREPARATION));

    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
    assertThat(outcome.err()).contains("a native library cannot be loaded", "x86-64 with glibc");
    assertThat(folder.resolve("other-machine/patches/data")).doesNotExist();
  }

  @Test
  void aFileSystemThatTheClusterLacksIsNamedWithItsJars() {
    CommandOutcome outcome =
        launcher.splitmask(UTF8, words("export --run s3a://bucket/run --output", folder + "/e"));

    assertThat(outcome.err())
        .contains("error: the class org.apache.hadoop.fs.s3a.S3AFileSystem is missing")
        .contains("hadoop-aws of the version of the cluster's Hadoop");
    assertThat(outcome.exitCode()).isEqualTo(2);
  }

  /** A prefix that nobody added to the list would blame the user for our jar. */
  @Test
  void whateverOurJarsCarryIsKnownAsOurs() throws IOException {
    Set<String> packages = new TreeSet<>();
    for (String module : List.of("data-prep", "spark-job")) {
      try (JarFile jar = new JarFile(Launcher.appJar(module).toFile())) {
        jar.stream()
            .map(entry -> entry.getName())
            .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF"))
            .forEach(name -> packages.add(name.replaceFirst("/[^/]*$", "").replace('/', '.')));
      }
    }

    assertThat(packages)
        .contains("org.splitmask.prep", "org.splitmask.train")
        .filteredOn(name -> !name.startsWith("org.apache.spark")) // where Iceberg extends Spark
        .allSatisfy(
            name ->
                assertThat(Diagnosis.of(new ClassNotFoundException(name + ".Some")).blame())
                    .isEqualTo(Blame.BUG));
  }

  /** The names that help lists, each before two blanks and what it does. */
  private static Set<String> listed(CommandOutcome help) {
    String list = help.out().replaceFirst("(?s)\\n\\n  splitmask COMMAND.*", "");
    return matches("(?m)^  ([a-z]+) {2,}\\S", list);
  }

  private static Set<String> matches(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The first word is a line of words, the others are as they are; so are those of the list. */
  static List<String> words(String line, Object... more) {
    List<String> words = new ArrayList<>(List.of(line.split(" ")));
    for (Object word : more) {
      if (word instanceof List<?> list) {
        list.forEach(one -> words.add(one.toString()));
      } else {
        words.add(word.toString());
      }
    }
    return words;
  }
}
