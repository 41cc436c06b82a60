/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The images' own build steps, in a plain folder and on a small tarball. */
class InstallScriptTest {
  private static final Path DOCKER = Path.of("docker").toAbsolutePath();

  @TempDir private Path folder;
  private Path target;

  private record Outcome(int exitCode, String text) {}

  @BeforeEach
  void nameTheTarget() {
    target = folder.resolve("image");
  }

  @Test
  void theDistributionComesToItsPlaceWithoutWhatAContainerDoesNotNeed() throws Exception {
    Outcome outcome = install(tarball(distribution()).toString(), target.toString());

    assertThat(outcome.text()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
    assertThat(files(target.resolve("opt/splitmask")))
        .containsExactlyInAnyOrder(
            "LICENSE",
            "NOTICE",
            "conf/spark/kubernetes.conf",
            "conf/spark/log4j2-cluster.properties",
            "deploy/launcher/cluster.sh",
            "jars/data-prep.jar",
            "jars/spark-job.jar",
            "splitmask");
    assertThat(target.resolve("opt/spark/jars")).isEmptyDirectory();
    assertThat(target.resolve("var/cache/splitmask")).isEmptyDirectory();
  }

  @Test
  void allMayReadAndOnlyRootMayWriteButForTheCache() throws Exception {
    install(tarball(distribution()).toString(), target.toString());

    Path home = target.resolve("opt/splitmask");
    assertThat(mode(home)).isEqualTo("rwxr-xr-x");
    assertThat(mode(home.resolve("splitmask"))).isEqualTo("rwxr-xr-x");
    // It was rw-rw-rw- in the tarball.
    assertThat(mode(home.resolve("jars/data-prep.jar"))).isEqualTo("rw-r--r--");
    assertThat(mode(home.resolve("conf"))).isEqualTo("rwxr-xr-x");
    Path cache = target.resolve("var/cache/splitmask");
    assertThat(mode(cache)).isEqualTo("rwxrwxrwx");
    // With the sticky bit, for which Java has no word.
    assertThat((int) Files.getAttribute(cache, "unix:mode") & 07777).isEqualTo(01777);
  }

  @Test
  void extraJarsAreAddedToSparks() throws Exception {
    Path extra = Files.createDirectories(folder.resolve("extra"));
    Files.writeString(extra.resolve("driver.jar"), "jar");
    Files.writeString(extra.resolve("spark-job-torch-1-app.jar"), "jar");
    Files.writeString(extra.resolve("README.md"), "text");

    Outcome outcome =
        install(
            "--extra-jars",
            extra.toString(),
            "--s3-jars",
            "",
            tarball(distribution()).toString(),
            target.toString());

    assertThat(outcome.exitCode()).isZero();
    assertThat(files(target.resolve("opt/spark/jars"))).containsExactly("driver.jar");
    assertThat(target.resolve("opt/splitmask/jars/spark-job-torch.jar")).hasContent("jar");
  }

  @Test
  void jarsForS3AreTakenFromAMavenRepositoryOnlyIfTheyAreThoseThatWerePublished() throws Exception {
    Path repository = folder.resolve("repository");
    Path jar = repository.resolve("org/apache/hadoop/hadoop-aws/3.3.4/hadoop-aws-3.3.4.jar");
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "another file");

    Outcome outcome =
        install(
            "--s3-jars",
            repository.toUri().toString(),
            tarball(distribution()).toString(),
            target.toString());

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.text()).contains("hadoop-aws-3.3.4.jar is not the file that was published");
  }

  @Test
  void theVersionsForS3AreThoseOfSparksHadoop() throws IOException {
    String script = Files.readString(DOCKER.resolve("install.sh"));
    String pom = Files.readString(SparkImage.REPOSITORY.resolve("pom.xml"));
    Matcher version = Pattern.compile("<hadoop.version>(.*)</hadoop.version>").matcher(pom);

    assertThat(version.find()).isTrue();
    assertThat(script).contains("hadoop-aws-" + version.group(1) + ".jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://example.com", "/a/folder"})
  void anAddressOfAnotherKindIsRefused(String url) throws Exception {
    Outcome outcome =
        install("--s3-jars", url, tarball(distribution()).toString(), target.toString());

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.text()).contains("give a URL that begins with https://");
  }

  @Test
  void anArchiveOfSomethingElseIsRefused() throws Exception {
    Path other = Files.createDirectories(folder.resolve("other-1.0"));
    Files.writeString(other.resolve("README.md"), "text");

    Outcome outcome = install(tarball(other).toString(), target.toString());

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.text()).contains("has no splitmask; is it a distribution of SplitMask");
  }

  @Test
  void aTargetThatHoldsSomethingIsLeftAlone() throws Exception {
    Files.createDirectories(target);
    Files.writeString(target.resolve("mine"), "text");

    Outcome outcome = install(tarball(distribution()).toString(), target.toString());

    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.text()).contains("is there already and not empty");
    assertThat(files(target)).containsExactly("mine");
  }

  @Test
  void wrongWordsAreRefusedWithTheRemedy() throws Exception {
    assertThat(install("only-one").text()).contains("give TARBALL and TARGET");
    assertThat(install("--no-such", "a", "b").text()).contains("unknown option --no-such");
    assertThat(install("none.tar.gz", "b").text()).contains("--build-arg DISTRIBUTION=");
    assertThat(install("--help").exitCode()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "Dockerfile.gpu"})
  void aDockerfileBuildsByTheScriptAndRunsWithoutRights(String name) throws IOException {
    List<String> lines = Files.readAllLines(DOCKER.resolve(name));

    assertThat(lines)
        .contains(
            "ARG BASE_IMAGE=apache/spark:3.5.5-scala2.12-java17-ubuntu",
            "RUN /build/install.sh --extra-jars /build/extra-jars --s3-jars \"$S3_JARS\""
                + " /build/splitmask-bin.tar.gz /image",
            "STOPSIGNAL SIGTERM",
            "ENTRYPOINT [\"/opt/entrypoint.sh\"]");
    assertThat(lines.stream().filter(line -> line.startsWith("USER ")))
        .last()
        .isEqualTo("USER 185");
    assertThat(String.join("\n", lines)).contains("LC_ALL=C.UTF-8").doesNotContain(":latest");
    // What is copied out of the source tree exists, and the context lets it in.
    List<String> context = Files.readAllLines(DOCKER.resolve(name + ".dockerignore"));
    lines.stream()
        .filter(line -> line.startsWith("COPY deploy/"))
        .map(line -> line.split(" ")[1])
        .forEach(
            source -> {
              assertThat(SparkImage.REPOSITORY.resolve(source)).exists();
              assertThat(context).contains("!" + source);
            });
  }

  private Path distribution() throws IOException {
    Path home = folder.resolve("splitmask-1.0");
    for (String name :
        List.of(
            "splitmask",
            "jars/data-prep.jar",
            "jars/spark-job.jar",
            "conf/spark/kubernetes.conf",
            "conf/spark/log4j2-cluster.properties",
            "deploy/docker/Dockerfile",
            "deploy/launcher/cluster.sh",
            "docs/kubernetes.md",
            "LICENSE",
            "NOTICE")) {
      Path file = home.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    }
    return home;
  }

  private Path tarball(Path home) throws IOException, InterruptedException {
    Path file = folder.resolve(home.getFileName() + "-bin.tar.gz");
    Outcome outcome =
        run(
            List.of(
                "tar",
                "-czf",
                file.toString(),
                "-C",
                folder.toString(),
                home.getFileName().toString()));
    assertThat(outcome).isEqualTo(new Outcome(0, ""));
    return file;
  }

  private static Outcome install(String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("bash", DOCKER.resolve("install.sh").toString()));
    command.addAll(List.of(words));
    return run(command);
  }

  private static Outcome run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), text);
  }

  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
