/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.splitmask.common.config.KeyValues;
import org.splitmask.common.failure.Diagnosis;
import org.splitmask.prep.PrepareApp;

/**
 * What becomes of a run whose storage goes wrong: it says what is wrong, ends with the code of
 * docs/operations.md, leaves what was there as it was, and goes on to the same bits when all is
 * well again. {@code RoundSettingsIT} has the full disk, {@code FlippedAndCutCheckpointsTest} all
 * ways in which a checkpoint is damaged.
 */
@Timeout(300)
class BadStorageIT extends TrainingFixture {
  private static final String[] SETTINGS = {"workers=2", "epochs=4"};

  @Test
  void aRunThatBecomesReadOnlyIsKeptAndGoesOn() throws IOException {
    session
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.frozen.impl", ReadOnlyDisk.class.getName());
    String undisturbed = folder.resolve("undisturbed").toString();
    train(undisturbed, SETTINGS);
    Path run = folder.resolve("read-only");
    String frozen = "frozen:" + run;

    ReadOnlyDisk.freezeAfter("round-000004/manifest.json");
    try {
      Diagnosis underWay = failure(() -> train(frozen, SETTINGS));
      assertThat(underWay.message())
          .contains("could not be written: " + run, "(Read-only file system)")
          .contains("earlier checkpoints are intact, and the same command goes on");
      assertThat(underWay.blame().exitCode()).isEqualTo(4);
      Files.delete(run.resolve("_driver.lease")); // its process lives on, which runs this test
      Map<Path, ByteBuffer> kept = contents(run);
      assertThat(kept).containsKey(Path.of("checkpoints/round-000004/manifest.json"));

      Diagnosis atTheStart = failure(() -> train(frozen, SETTINGS));
      assertThat(atTheStart.message())
          .contains("cannot write to " + frozen, "(Read-only file system)");
      assertThat(atTheStart.blame().exitCode()).isEqualTo(4);
      assertThat(contents(run)).isEqualTo(kept);
    } finally {
      ReadOnlyDisk.thaw();
    }
    train(frozen, SETTINGS);
    assertThat(parameters(run.toString())).isEqualTo(parameters(undisturbed));
  }

  /** The table is larger than the cache, so that every epoch reads it again. */
  @Test
  void aTableThatGoesUnderWayIsNamedAndTheRunGoesOnWhenItIsBack() throws Exception {
    Path large = largeTable();
    String[] settings = {"workers=1", "epochs=8", "mixed-row-groups=1", "cache-megabytes=1"};
    String undisturbed = folder.resolve("with-its-table").toString();
    trainOn(large.toString(), undisturbed, settings);
    Path run = folder.resolve("without-its-table");

    CompletableFuture<Diagnosis> training =
        CompletableFuture.supplyAsync(
            () -> failure(() -> trainOn(large.toString(), run.toString(), settings)),
            work -> new Thread(work).start());
    while (!Files.exists(run.resolve("checkpoints/round-000002")) && !training.isDone()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    Path away = Files.move(large, large.resolveSibling("away"));
    Diagnosis underWay = training.join();
    assertThat(underWay.message())
        .contains("data file file:" + large, "is gone: the table was moved or deleted");
    assertThat(underWay.blame().exitCode()).isEqualTo(3);
    Map<Path, ByteBuffer> kept = contents(run);

    Diagnosis atTheStart = failure(() -> trainOn(large.toString(), run.toString(), settings));
    assertThat(atTheStart.message()).contains("no table at " + large + ": there is no such folder");
    assertThat(atTheStart.blame().exitCode()).isEqualTo(2);
    assertThat(contents(run)).isEqualTo(kept);

    Files.move(away, large);
    trainOn(large.toString(), run.toString(), settings);
    assertThat(parameters(run.toString())).isEqualTo(parameters(undisturbed));
  }

  @Test
  void aDamagedCheckpointIsNamedAndTheOneBeforeIsTaken() throws IOException {
    Path run = folder.resolve("damaged");
    train(run.toString(), SETTINGS);
    Path checkpoints = run.resolve("checkpoints");
    Map<Path, ByteBuffer> whole = contents(checkpoints);
    Path newest = checkpoints.resolve(newest(checkpoints));

    flip(newest.resolve("parameters.safetensors"), /* hasChecksums= */ false);
    try (Logged logged = new Logged()) {
      train(run.toString(), SETTINGS);
      assertThat(logged.lines())
          .anySatisfy(
              line ->
                  assertThat(line)
                      .startsWith("WARN passing over checkpoint file:" + newest)
                      .contains(newest.resolve("parameters.safetensors") + " is damaged"));
    }
    assertThat(contents(checkpoints)).isEqualTo(whole);

    flip(newest.resolve("velocity.safetensors"), /* hasChecksums= */ true);
    train(run.toString(), SETTINGS);
    assertThat(contents(checkpoints)).isEqualTo(whole);

    Path manifest = newest.resolve("manifest.json");
    Files.write(manifest, Arrays.copyOf(Files.readAllBytes(manifest), 300));
    train(run.toString(), SETTINGS);
    assertThat(contents(checkpoints)).isEqualTo(whole);
  }

  @Test
  void whereAllCheckpointsAreDamagedTheyStayAndOneThatIsBroughtBackIsTaken() throws IOException {
    Path run = folder.resolve("all-damaged");
    train(run.toString(), SETTINGS);
    Path checkpoints = run.resolve("checkpoints");
    Map<Path, ByteBuffer> whole = contents(checkpoints);
    try (Stream<Path> rounds = Files.list(checkpoints)) {
      for (Path round : rounds.toList()) {
        flip(round.resolve("second-moment.safetensors"), /* hasChecksums= */ false);
      }
    }
    Map<Path, ByteBuffer> damaged = contents(run);

    Diagnosis refused = failure(() -> train(run.toString(), SETTINGS));

    Path file = newest(checkpoints).resolve("second-moment.safetensors");
    assertThat(refused.message())
        .contains("none of the 3 checkpoints in " + run, checkpoints.resolve(file) + " is damaged")
        .contains("Bring one back from a copy, or start again with another --output");
    assertThat(refused.blame().exitCode()).isEqualTo(3);
    assertThat(contents(run)).isEqualTo(damaged);
    Files.write(checkpoints.resolve(file), whole.get(file).array());
    assertThat(train(run.toString(), SETTINGS).get("checkpoint").toString())
        .endsWith(newest(checkpoints).toString());
  }

  /** What the command prints behind "error:", and whose exit code it has. */
  private static Diagnosis failure(ThrowingCallable training) {
    Throwable thrown = catchThrowable(training);
    assertThat(thrown).as("it fails").isNotNull();
    return Diagnosis.of(thrown);
  }

  /** Two files, neither of which leaves the other room in a cache of one megabyte. */
  private static Path largeTable() throws IOException {
    Path large = folder.resolve("large-table");
    for (int side : new int[] {120, 128}) {
      Path input = folder.resolve("pictures-" + side);
      TestPictures.write(input, 16, side);
      PrepareApp.prepare(
          session,
          List.of(input.toString()),
          large.toString(),
          null,
          KeyValues.ofWords(
              List.of("image-size=128", "patch-size=4", "validation-share=0", "test-share=0")));
    }
    return large;
  }

  /** Changes one bit of the data. */
  private static void flip(Path file, boolean hasChecksums) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 3] ^= 16;
    Files.write(file, bytes);
    if (!hasChecksums) {
      Files.delete(file.resolveSibling("." + file.getFileName() + ".crc"));
    }
  }

  /** The name of the newest checkpoint's folder. */
  private static Path newest(Path checkpoints) throws IOException {
    try (Stream<Path> rounds = Files.list(checkpoints)) {
      return rounds.map(Path::getFileName).sorted().reduce((a, b) -> b).orElseThrow();
    }
  }

  /** All files in a folder, but for those that hide. */
  private static Map<Path, ByteBuffer> contents(Path folder) throws IOException {
    Map<Path, ByteBuffer> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          contents.put(folder.relativize(file), ByteBuffer.wrap(Files.readAllBytes(file)));
        }
      }
    }
    return contents;
  }
}
