/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.common.session.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class CommandRunnerTest {
  @TempDir private Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void theLastLineIsTheResult() {
    assertThat(run(() -> Map.of("found", 3))).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"found\":3}\n");
  }

  @Test
  void failuresHaveTheirExitCodeAndOneLine() {
    assertThat(failed(Check.failure(Blame.DATA, "no pictures"))).isEqualTo(3);
    assertThat(messages()).isEqualTo("error: no pictures\n");
    assertThat(failed(new IOException("No space left on device"))).isEqualTo(4);
    assertThat(messages()).contains("No space left on device");
    assertThat(failed(new IllegalStateException("oops"))).isEqualTo(70);
  }

  @Test
  void hadoopsErrorOfAFullDiskIsNoCrash() {
    int exit =
        run(
            () -> {
              throw new Full(new IOException("No space left on device"));
            });

    assertThat(exit).isEqualTo(4);
    assertThat(messages()).contains("No space left on device");
    assertThat(out.size()).isZero();
  }

  @Test
  void tooLittleMemoryIsNotADefectAndNamesItsSettings() {
    int exit =
        run(
            () -> {
              throw new OutOfMemoryError("Java heap space");
            });

    assertThat(exit).isEqualTo(4);
    assertThat(messages())
        .contains("Java heap space", "SPLITMASK_HEAP", "spark.driver.memory", "batch-size");
  }

  @Test
  void aLongMessageIsCutToItsFirstLine() {
    failed(new RuntimeException("job aborted\n\tat a.b.C\n\tat a.b.D", new IOException("gone")));

    assertThat(messages()).isEqualTo("error: job aborted (cause: gone)\n");
  }

  @Test
  void aClassThatIsMissingIsNotWorthARetry() {
    assertThat(failed(new ClassNotFoundException("org.bytedeco.opencv.opencv_core"))).isEqualTo(70);
    assertThat(failed(new ClassNotFoundException("org.apache.hadoop.fs.s3a.S3AFileSystem")))
        .isEqualTo(2);
    assertThat(messages()).contains("S3AFileSystem is missing", "hadoop-aws");
  }

  @Test
  void aCommandThatCannotEvenBeBuiltHasAnExitCode() {
    Callable<Map<String, Object>> noCommand = () -> Map.of(); // without picocli's annotation

    assertThat(new CommandRunner(stream(out), stream(err)).run(noCommand)).isEqualTo(70);
    assertThat(messages()).startsWith("error: a defect of SplitMask (");
  }

  @Test
  void aJvmThatLosesFileNamesIsRefusedButGivesHelp() {
    String ascii = "ANSI_X3.4-1968";

    assertThat(runWith(ascii, () -> Map.of())).isEqualTo(2);
    assertThat(messages()).startsWith("error: ").contains(ascii, "LC_ALL=C.UTF-8");
    assertThat(out.size()).isZero();
    assertThat(runWith(ascii, () -> Map.of(), "--help")).isZero();
    assertThat(runWith(ascii, () -> Map.of(), "--version")).isZero();
    assertThat(runWith("UTF-8", () -> Map.of())).isZero();
  }

  @Test
  void helpListsTheKeys() {
    assertThat(run(() -> Map.of(), "--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("share=0.5  (number)")
        .contains("of 100 %; 0 to 1");
  }

  @Test
  void aCommandTellsItsVersion() {
    assertThat(run(() -> Map.of(), "--version")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("SplitMask ");
  }

  /** The help has a hundred lines and more. */
  @Test
  void wrongWordsAreToldInTwoLines() {
    assertThat(run(() -> Map.of(), "--confg", "a.yaml")).isEqualTo(2);
    assertThat(messages().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("error: Unknown option: '--confg'");
    assertThat(messages()).contains("--config");

    err.reset();
    assertThat(run(() -> Map.of(), "--config")).isEqualTo(2);
    assertThat(messages().lines().toList().get(1))
        .isEqualTo("example --help lists all options and keys");
  }

  @Test
  void theResultIsWrittenToAFileToo() throws IOException {
    String file = folder.resolve("result.json").toString();

    assertThat(run(() -> Map.of("found", 3), "--result", file)).isZero();
    assertThat(new ResultFile(file).read()).isEqualTo(Map.of("found", 3));
    assertThat(run(() -> Map.of("found", 4), "--result=" + file)).isZero();
    assertThat(new ResultFile(file).read()).isEqualTo(Map.of("found", 4));
  }

  @Test
  void soAreAFailureAndWrongWords() {
    String file = folder.resolve("result.json").toString();
    Callable<Map<String, Object>> noPictures =
        () -> {
          throw Check.failure(Blame.DATA, "no pictures");
        };

    assertThat(run(noPictures, "--result", file)).isEqualTo(3);
    assertThatThrownBy(() -> new ResultFile(file).read()).hasMessage("no pictures");
    assertThat(run(() -> Map.of(), "--unknown", "--result", file)).isEqualTo(2);
    assertThatThrownBy(() -> new ResultFile(file).read())
        .hasMessageContaining("--unknown")
        .isInstanceOfSatisfying(
            SplitMaskException.class, e -> assertThat(e.blame()).isEqualTo(Blame.USER));
  }

  @Test
  void aResultThatCannotBeWrittenIsFoundOutBeforeAnyWork() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    AtomicBoolean worked = new AtomicBoolean();
    Callable<Map<String, Object>> work =
        () -> {
          worked.set(true);
          return Map.of();
        };

    assertThat(run(work, "--result", file.resolve("result.json").toString())).isEqualTo(4);
    assertThat(messages()).contains("--result", "result.json, cannot be written");
    assertThat(worked).isFalse();
  }

  @Test
  void helpWritesNoResult() {
    Path file = folder.resolve("result.json");

    assertThat(run(() -> Map.of(), "--help", "--result", file.toString())).isZero();
    assertThat(file).doesNotExist();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("--result=FILE");
  }

  @Test
  void aConfigurationIsReadFromAnyFilesystem() throws IOException {
    Path file = Files.writeString(folder.resolve("keys.yaml"), "share: 0.25\n");

    for (String name : List.of(file.toString(), file.toUri().toString())) {
      assertThat(run(() -> Map.of(), "--config", name)).isZero();
    }
    assertThat(run(() -> Map.of(), "--config", file + "x")).isEqualTo(2);
    assertThat(messages()).contains("no configuration file at file:", "keys.yamlx");
  }

  private int failed(Exception failure) {
    return run(
        () -> {
          throw failure;
        });
  }

  private int run(Callable<Map<String, Object>> body, String... words) {
    return runWith("UTF-8", body, words);
  }

  private int runWith(String encoding, Callable<Map<String, Object>> body, String... words) {
    out.reset();
    err.reset();
    return new CommandRunner(stream(out), stream(err), encoding).run(new Example(body), words);
  }

  private String messages() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  record Keys(@Key(defaultValue = "0.5", help = "of 100 %; 0 to 1") double share) {}

  /** As Hadoop's FSError, which Hadoop alone can make. */
  private static final class Full extends Error {
    private static final long serialVersionUID = 1L;

    Full(Throwable cause) {
      super(cause);
    }
  }

  @Command(name = "example", mixinStandardHelpOptions = true)
  private static final class Example implements Callable<Map<String, Object>>, Configured {
    @Mixin private final CommonOptions common = new CommonOptions();
    private final Callable<Map<String, Object>> body;

    Example(Callable<Map<String, Object>> body) {
      this.body = body;
    }

    @Override
    public Class<? extends Record> configuration() {
      return Keys.class;
    }

    @Override
    public Map<String, Object> call() throws Exception {
      Configurations.bind(Keys.class, common.settings());
      return body.call();
    }
  }
}
