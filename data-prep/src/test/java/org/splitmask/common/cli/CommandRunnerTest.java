/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class CommandRunnerTest {
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
      return body.call();
    }
  }
}
