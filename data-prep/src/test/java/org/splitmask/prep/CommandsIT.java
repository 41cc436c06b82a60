/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.cli.CommandRunner;

/** The commands as people call them: words in; exit code, JSON line and messages out. */
class CommandsIT {
  private static final Path DATASETS = Path.of("../../shared/datasets");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir private Path folder;

  @BeforeEach
  void runLocally() {
    System.setProperty("spark.master", "local[2]");
    System.setProperty("spark.ui.enabled", "false");
    System.setProperty("spark.driver.host", "127.0.0.1");
    System.setProperty("spark.driver.bindAddress", "127.0.0.1");
  }

  @AfterEach
  void forgetTheSettings() {
    for (String key : List.of("master", "ui.enabled", "driver.host", "driver.bindAddress")) {
      System.clearProperty("spark." + key);
    }
  }

  @Test
  void prepareThenInspect() throws IOException {
    Path input = Files.createDirectories(folder.resolve("in/hats"));
    for (int i = 0; i < 10; i++) {
      Files.write(input.resolve(i + ".jpg"), Pictures.jpeg(Pictures.noise(40, 40, i)));
    }
    String table = folder.resolve("table").toString();

    // The last words are settings, though --input reads on.
    int exit =
        prepare("--output", table, "--input", folder + "/in", "image-size=32", "patch-size=8");

    assertThat(exit).as(messages()).isZero();
    assertThat(json().get("found").asInt()).isEqualTo(10);
    assertThat(json().get("accepted").asInt()).isEqualTo(10);
    long snapshot = json().get("snapshot").asLong();
    assertThat(messages()).contains("preparing: 10 of 10 files (100 %)");

    assertThat(inspect(table)).isZero();
    assertThat(json().get("snapshot").asLong()).isEqualTo(snapshot);
    assertThat(json().get("configuration").get("image-size").asText()).isEqualTo("32");
    assertThat(json().get("labels").toString()).contains("hats");
    assertThat(messages()).contains("schemaVersion: 2");

    Path sheet = folder.resolve("sheet.png");
    assertThat(inspect(table, "--files", "--sheet", sheet.toString())).isZero();
    List<String> lines = lines();
    assertThat(lines.subList(0, lines.size() - 1))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Path.of(file)).isRegularFile());
    assertThat(json().get("files").size()).isEqualTo(lines.size() - 1);
    assertThat(ImageIO.read(sheet.toFile()).getWidth()).isEqualTo(8 * (4 * 32 + 2));
  }

  @Test
  void mistakesHaveTheirExitCodes() {
    assertThat(prepare("--output", "t", "--input", "/no/such")).isEqualTo(2);
    assertThat(messages()).contains("error: no such folder: /no/such (--input)");
    assertThat(prepare("--output", "t")).isEqualTo(2);
    assertThat(messages()).contains("--input");
    assertThat(prepare("--output", "t", "--input", "/tmp", "side=3")).isEqualTo(2);
    assertThat(messages()).contains("unknown keys [side]");
    assertThat(inspect(folder.toString())).isEqualTo(3);
    assertThat(messages()).contains("holds no patch table");
    assertThat(inspect(folder + "/none")).isEqualTo(2);
  }

  @Test
  void aListWithASchemeThatNothingReadsIsTheUsersMistake() throws IOException {
    Path list = Files.writeString(folder.resolve("l.txt"), "# pictures\nhttps://host/x.jpg\n");

    assertThat(prepare("--output", folder + "/t", "--input", list.toString())).isEqualTo(2);

    assertThat(messages())
        .contains(
            "line 2 of file:" + list + " names https://host/x.jpg",
            "no filesystem is registered for the scheme https")
        .doesNotContain("defect");
  }

  @Test
  void helpListsEveryKey() {
    assertThat(prepare("--help")).isZero();

    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("image-size=224  (whole number)")
        .contains("max-rejected-share=0.05  (number)")
        .contains("if a larger share of the files is rejected");
  }

  @Test
  void awkwardFilesAreAcceptedOrRejectedAndNothingElse() throws IOException {
    Path odd = DATASETS.resolve("odd-images");
    if (!Files.isDirectory(odd)) {
      System.err.println("SKIPPED: the awkward files are not in " + odd);
    }
    assumeThat(odd).as("shared/datasets/odd-images beside the repository").isDirectory();
    String[] words = {
      "--output",
      folder + "/t",
      "--input",
      odd.toString(),
      "image-size=64",
      "patch-size=8",
      "max-rejected-share=1"
    };

    assertThat(prepare(words)).as(messages()).isZero();

    JsonNode result = json();
    assertThat(result.get("found").asInt()).isEqualTo(1496);
    assertThat(
            result.get("accepted").asInt()
                + result.get("rejected").asInt()
                + result.get("companions").asInt())
        .isEqualTo(1496);
    assertThat(result.get("accepted").asInt()).isGreaterThan(500);
    Path sheet = folder.resolve("rejected.png");
    assertThat(inspect(folder + "/t", "--sheet", sheet.toString(), "--rejected")).isZero();
    assertThat(ImageIO.read(sheet.toFile()).getHeight()).isEqualTo(8 * (2 * 64 + 14 + 2));
    assertThat(prepare(words[0], folder + "/u", words[2], words[3])).isEqualTo(3);
    assertThat(messages()).contains("max-rejected-share is 5.0 %");
  }

  private int prepare(String... words) {
    return run(new PrepareApp(), words);
  }

  private int inspect(String... words) {
    return run(new InspectTableApp(stream(out), stream(err)), words);
  }

  private int run(
      java.util.concurrent.Callable<java.util.Map<String, Object>> command, String... words) {
    out.reset();
    err.reset();
    PrintStream before = System.err;
    try {
      System.setErr(stream(err)); // where progress goes
      return new CommandRunner(stream(out), stream(err)).run(command, words);
    } finally {
      System.setErr(before);
    }
  }

  private JsonNode json() throws IOException {
    List<String> lines = lines();
    return new ObjectMapper().readTree(lines.get(lines.size() - 1));
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private String messages() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
