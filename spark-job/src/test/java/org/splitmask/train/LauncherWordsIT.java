/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.splitmask.train.LauncherIT.words;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher says to spark-submit, which here only repeats it, a word a line. */
class LauncherWordsIT {
  private static final String LOCALE_OF_EXECUTORS = "spark.executorEnv.LC_ALL=C.UTF-8";

  @TempDir private static Path folder;
  private static Launcher launcher;
  private static Path echo;

  @BeforeAll
  static void makeAnEcho() throws IOException {
    launcher = new Launcher(folder);
    echo =
        Launcher.script(
            folder.resolve("echo"),
            "#!/bin/sh\necho \"locale ${LC_ALL-}|${LANG-}\"\nfor word; do printf '%s\\n' \"$word\"; done\n");
  }

  @Test
  void executorsAndDriversElsewhereGetALocale() {
    assertThat(told("train"))
        .containsSubsequence("--conf", LOCALE_OF_EXECUTORS)
        .containsSubsequence("--conf", "spark.yarn.appMasterEnv.LC_ALL=C.UTF-8");
  }

  @Test
  void optionsOfSparkSubmitArePassedOn() {
    List<String> passed =
        words(
            "--queue night --name a --driver-memory 4g --executor-memory=8g --num-executors 3"
                + " --principal p --keytab k --packages g:a:1");

    assertThat(told("train", passed.toArray(String[]::new)))
        .containsSubsequence("--queue", "night", "--name", "a", "--driver-memory", "4g")
        .containsSubsequence("--executor-memory", "8g", "--num-executors", "3")
        .containsSubsequence("--principal", "p", "--keytab", "k", "--packages", "g:a:1");
    assertThat(told("train", "--verbose", "--", "--queue", "mine"))
        .contains("--verbose")
        .endsWith("--queue", "mine");
  }

  @Test
  void theEngineOnLibtorchTravelsWhereItIsAskedFor() {
    assertThat(told("train", "--print", "engine=torch"))
        .singleElement()
        .asString()
        .containsPattern(" --jars \\S*/spark-job-torch-\\S*app\\.jar ");
    assertThat(told("train", "--print", "--jars", "/a/spark-job-torch.jar", "engine=torch"))
        .singleElement()
        .asString()
        .containsOnlyOnce("spark-job-torch");
    assertThat(told("train", "--jars-folder", "hdfs:///jars", "engine=torch"))
        .contains("hdfs:///jars/spark-job-torch.jar");
    assertThat(told("train", "engine=dl4j")).noneMatch(word -> word.contains("spark-job-torch"));
  }

  @Test
  void whatTheClusterSetsItselfStays() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("site.conf"),
            "# of the site\n  spark.yarn.maxAppAttempts=4\nspark.excludeOnFailure.enabled\tfalse\n");

    assertThat(told("train"))
        .contains("spark.yarn.maxAppAttempts=1", "spark.excludeOnFailure.enabled=true");
    assertThat(told("train", "--properties-file", file.toString()))
        .contains(LOCALE_OF_EXECUTORS)
        .doesNotContain("spark.yarn.maxAppAttempts=1", "spark.excludeOnFailure.enabled=true");
  }

  @Test
  void inClusterModeFilesOfThisMachineTravel() throws IOException {
    Path keys = Files.writeString(folder.resolve("my keys.yaml"), "epochs: 1\n");
    List<String> line =
        told("train", "--deploy-mode", "cluster", "--files", "/a", "--config", keys.toString());

    assertThat(line.get(line.indexOf("--files") + 1))
        .matches(".*/log4j2-cluster\\.properties,/a," + keys);
    assertThat(line).endsWith("--config", "my keys.yaml");
    assertThat(told("train", "--config", keys.toString())).endsWith("--config", keys.toString());
    assertThat(told("train", "--deploy-mode", "cluster", "--config=hdfs:///k.yaml"))
        .endsWith("--config=hdfs:///k.yaml");
  }

  /** Spark's own manager does not bring --files into the driver's folder. */
  @Test
  void onSparksOwnManagerTheyAreNamedByTheirWholePath() throws IOException {
    Path keys = Files.writeString(folder.resolve("other keys.yaml"), "epochs: 1\n");
    List<String> line =
        told(
            "train",
            "--deploy-mode",
            "cluster",
            "--master",
            "spark://host:7077",
            "--config",
            keys.toString());

    assertThat(line).endsWith("--config", keys.toString()).doesNotContain("--files");
  }

  @Test
  void whatDoesNotArriveInClusterModeIsSaid() {
    List<String> line = words("train --master spark://host:7077 --deploy-mode cluster");
    line.addAll(List.of("--spark-submit", echo.toString()));
    assertThat(launcher.splitmask(Map.of(), line).succeeded().err())
        .contains("neither the result nor the exit code arrives here without --result FILE");

    for (String option : List.of("--result", "--output")) {
      List<String> relative = new ArrayList<>(line);
      relative.addAll(List.of(option, "r.json"));
      CommandOutcome refused = launcher.splitmask(Map.of(), relative);
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains(option + " r.json is relative");
    }
    line.addAll(List.of("--output", "lake.pictures.t", "--catalog", "/catalog.yaml"));
    launcher.splitmask(Map.of(), line).succeeded();
  }

  @Test
  void jarsMayLieOnTheClusterAlready() {
    assertThat(told("inspect", "--jars-folder", "local:///opt/splitmask/jars/"))
        .containsSubsequence("--jars", "local:///opt/splitmask/jars/data-prep.jar")
        .endsWith("local:///opt/splitmask/jars/spark-job.jar");
  }

  @Test
  void aDriverOfTheStandaloneManagerGetsWhatSparkLeavesOut() throws IOException {
    List<String> line =
        told(
            "train",
            "--deploy-mode",
            "cluster",
            "--master",
            "spark://host:7077",
            "--driver-java-options",
            "-Dmine=1");
    String options = line.get(line.indexOf("--driver-java-options") + 1);

    Files.readAllLines(Path.of("../conf/spark/jvm-options")).stream()
        .filter(option -> option.startsWith("-"))
        .forEach(option -> assertThat(options.split(" ")).contains(option));
    assertThat(options).endsWith(" -Dmine=1");
  }

  /** With {@code local[...]} it trains, outside of the heap too. */
  @Test
  void aDriverOfThisMachineHasNoBoundOnItsMemoryOutsideOfTheHeap() {
    assertThat(told("train"))
        .filteredOn(word -> word.startsWith("spark.driver.defaultJavaOptions="))
        .singleElement()
        .asString()
        .contains("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "conf/log4j2.properties");
  }

  @Test
  void printShowsTheLineAndStartsNothing() {
    List<String> line = told("train", "--print", "--table", "a b");

    assertThat(line).hasSize(1);
    assertThat(line.get(0))
        .startsWith(echo + " --master yarn --class org.splitmask.train.TrainApp ")
        .contains("--table a\\ b");
  }

  @Test
  void whatNeedsAMasterIsRefusedWithoutOne() {
    for (String option : List.of("--queue", "--jars-folder", "--conf", "--deploy-mode")) {
      CommandOutcome outcome = launcher.splitmask(Map.of(), List.of("train", option, "a"));
      assertThat(outcome.exitCode()).isEqualTo(2);
      assertThat(outcome.err()).contains("--master URL");
    }
    CommandOutcome unknown =
        launcher.splitmask(Map.of(), words("train --master mesos://host --spark-submit", echo));
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("mesos://host", "spark://host:7077");
  }

  /** Of settings of one name the last one counts. */
  @Test
  void theCallersOwnLocaleComesLater() {
    assertThat(told("train", "--conf", "spark.executorEnv.LC_ALL=en_US.UTF-8"))
        .containsSubsequence(LOCALE_OF_EXECUTORS, "spark.executorEnv.LC_ALL=en_US.UTF-8");
  }

  @Test
  void whatDecodesOrDrawsHasTheJarOfDataPrepBesideItsOwn() {
    String jar = Launcher.appJar("data-prep").toString();
    for (String command : List.of("demo", "inspect", "bench")) {
      assertThat(told(command)).as(command).containsSubsequence("--jars", jar);
      assertThat(told(command, "--conf", "spark.jars=/a.jar,/b.jar"))
          .as("the caller's jars, which --jars displaces")
          .containsSubsequence("--jars", jar + ",/a.jar,/b.jar");
    }
    assertThat(told("train")).doesNotContain("--jars");
  }

  @Test
  void argumentsArriveAsTheyAre() {
    List<String> odd = List.of("--output", "größe 写真", "a b=*?", "", "-");

    assertThat(told("train", odd.toArray(String[]::new))).endsWith(odd.toArray(String[]::new));
  }

  @Test
  void yarnNeedsItsSettings() {
    for (Map<String, String> environment :
        List.of(
            Map.of("HADOOP_CONF_DIR", ""),
            Map.of("HADOOP_CONF_DIR", folder.resolve("none").toString()))) {
      CommandOutcome outcome =
          launcher.splitmask(environment, words("train --master yarn --spark-submit", echo));
      assertThat(outcome.exitCode()).isEqualTo(2);
      assertThat(outcome.err()).contains("HADOOP_CONF_DIR", "core-site.xml");
    }
  }

  @Test
  void aSparkOfAnotherLineIsRefused() throws IOException {
    for (String jar : List.of("spark-core_2.13-3.5.5.jar", "spark-core_2.12-3.4.1.jar")) {
      Path spark = Files.createDirectories(folder.resolve(jar + ".spark"));
      Files.createDirectories(spark.resolve("bin"));
      Files.createDirectories(spark.resolve("jars"));
      Files.createFile(spark.resolve("jars").resolve(jar));
      Path submit = Launcher.script(spark.resolve("bin/spark-submit"), "#!/bin/sh\n");
      CommandOutcome outcome =
          launcher.splitmask(
              Map.of(), words("train --master spark://host:7077 --spark-submit", submit));
      assertThat(outcome.exitCode()).isEqualTo(2);
      assertThat(outcome.err()).contains(jar, "Spark 3.5 for Scala 2.12");
    }
  }

  /** Spark's own code is 1 for every failure on YARN, and 0 whatever happened elsewhere. */
  @Test
  void inClusterModeTheResultsCodeAloneCounts() throws IOException {
    Path submit =
        Launcher.script(
            folder.resolve("submit"),
            """
            #!/bin/sh
            case "$*" in
              *ResultApp*--begin) echo begun; exit "$BEGUN" ;;
              *ResultApp*) echo "the result"; exit "$RESULT" ;;
              *) echo "the driver's output"; exit "$DRIVER" ;;
            esac
            """);
    List<String> line =
        words("train --master spark://host:7077 --deploy-mode cluster --result /r.json");
    for (String driver : List.of("0", "1")) {
      for (int result : List.of(0, 3)) {
        CommandOutcome outcome = submitted(submit, line, "0", driver, String.valueOf(result));
        assertThat(outcome).isEqualTo(new CommandOutcome(result, "the result\n", outcome.err()));
        assertThat(outcome.err()).contains("the driver's output");
        assertThat(outcome.err().contains("spark-submit ended with 1"))
            .isEqualTo(driver.equals("1"));
      }
    }

    CommandOutcome refused = submitted(submit, line, "2", "0", "0");
    assertThat(refused.exitCode()).as("a file that cannot be written").isEqualTo(2);
    assertThat(refused.out() + refused.err()).doesNotContain("the driver's output");
  }

  private static CommandOutcome submitted(
      Path submit, List<String> line, String begun, String driver, String result) {
    List<String> all = new ArrayList<>(line);
    all.addAll(List.of("--spark-submit", submit.toString()));
    return launcher.splitmask(Map.of("BEGUN", begun, "DRIVER", driver, "RESULT", result), all);
  }

  @Test
  void onlyALocaleThatCannotReadNamesIsReplaced() throws IOException {
    assertThat(localeUnder(Map.of("LANG", "C.UTF-8"))).isEqualTo("|C.UTF-8");
    assertThat(localeUnder(Map.of("LC_ALL", "C.UTF-8", "LANG", "C"))).isEqualTo("C.UTF-8|C");
    for (Map<String, String> lost :
        List.of(
            Map.<String, String>of(),
            Map.of("LC_ALL", "C"),
            Map.of("LANG", "POSIX"),
            Map.of("LC_ALL", "xx_XX.UTF-8"),
            // A JVM falls back to C as a whole.
            Map.of("LANG", "C.UTF-8", "LC_TIME", "xx_XX.UTF-8"))) {
      assertThat(localeUnder(lost))
          .as(lost.toString())
          .isEqualTo("C.UTF-8|" + lost.getOrDefault("LANG", ""));
    }
  }

  @Test
  void whereThereIsNoOtherAnyLocaleInUtf8Serves() throws IOException {
    Path programs = Files.createDirectory(folder.resolve("programs"));
    String path = programs + ":" + System.getenv("PATH");
    Launcher.script(programs.resolve("locale"), "#!/bin/sh\nexit 127\n");
    assertThat(localeUnder(Map.of("PATH", path))).isEqualTo("C.UTF-8|");

    Launcher.script(
        programs.resolve("locale"),
        """
        #!/bin/sh
        [ "$1" != -a ] || { printf 'C\\nPOSIX\\nde_DE\\nde_DE.utf8\\n'; exit; }
        [ "$LC_ALL" = de_DE.utf8 ] && echo UTF-8 || echo ANSI_X3.4-1968
        """);
    assertThat(localeUnder(Map.of("PATH", path))).isEqualTo("de_DE.utf8|");
  }

  private static String localeUnder(Map<String, String> environment) {
    return told(environment, "train").get(0).replace("locale ", "");
  }

  private static List<String> told(String command, String... more) {
    return told(Map.of("LC_ALL", "C.UTF-8"), command, more);
  }

  private static List<String> told(
      Map<String, String> environment, String command, String... more) {
    List<String> all = new ArrayList<>(words(command + " --master yarn --spark-submit", echo));
    all.addAll(List.of(more));
    Map<String, String> cluster = new HashMap<>(environment);
    cluster.put("HADOOP_CONF_DIR", folder.toString());
    return launcher.splitmask(cluster, all).succeeded().out().lines().toList();
  }
}
