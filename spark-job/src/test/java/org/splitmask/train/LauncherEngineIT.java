/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher of a source checkout whose jar of the engine on libtorch is older than its sources.
 */
class LauncherEngineIT {
  private static final List<String> MODULES = List.of("data-prep", "spark-job", "spark-job-torch");
  private static final Instant BUILT = Instant.now().minus(Duration.ofHours(1));
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path home;

  @BeforeEach
  void makeCheckout() throws IOException {
    Files.copy(CHECKOUT.resolve("splitmask"), home.resolve("splitmask"));
    Files.createDirectories(home.resolve("deploy/launcher"));
    try (Stream<Path> scripts = Files.list(CHECKOUT.resolve("deploy/launcher"))) {
      for (Path script : scripts.toList()) {
        Files.copy(script, home.resolve("deploy/launcher").resolve(script.getFileName()));
      }
    }
    Files.copy(CHECKOUT.resolve("pom.xml"), home.resolve("pom.xml"));
    setTime(home.resolve("pom.xml"), BUILT.minusSeconds(60));
    String version = version();
    for (String module : MODULES) {
      Path folder = home.resolve(module);
      Files.createDirectories(folder.resolve("src/main"));
      Files.createDirectories(folder.resolve("target/spark"));
      for (String file : List.of("pom.xml", "src/main/Source.java")) {
        Files.writeString(folder.resolve(file), "");
        setTime(folder.resolve(file), BUILT.minusSeconds(60));
      }
      setTime(folder.resolve("src/main"), BUILT.minusSeconds(60));
      Path jar = folder.resolve("target/" + module + "-" + version + "-app.jar");
      Files.writeString(jar, "no jar");
      setTime(jar, BUILT);
    }
  }

  private static String version() throws IOException {
    return Files.readAllLines(CHECKOUT.resolve("pom.xml")).stream()
        .filter(line -> line.startsWith("  <version>"))
        .findFirst()
        .orElseThrow()
        .replaceAll("</?version>|\\s", "");
  }

  private static void setTime(Path file, Instant time) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(time));
  }

  @Test
  void aStaleJarIsRefusedBeforeAnythingIsBuilt() throws Exception {
    setTime(home.resolve("spark-job/src/main/Source.java"), Instant.now());

    assertThat(said("bench", "train", "engine=torch"))
        .contains("error: ")
        .contains("spark-job-torch-" + version() + "-app.jar is older than its sources")
        .contains("./mvnw -B -DskipTests package")
        .doesNotContain("building SplitMask");
  }

  @Test
  void withoutItsKeyNobodyAsksForIt() throws Exception {
    setTime(home.resolve("spark-job-torch/src/main/Source.java"), Instant.now());

    assertThat(said("bench", "train")).doesNotContain("is older than its sources");
    assertThat(said("bench", "train", "engine=torch")).contains("is older than its sources");
  }

  private String said(String... words) throws Exception {
    Process process =
        new ProcessBuilder(
                Stream.concat(
                        Stream.of("bash", home.resolve("splitmask").toString()), Stream.of(words))
                    .toList())
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isNotZero();
    return output;
  }
}
