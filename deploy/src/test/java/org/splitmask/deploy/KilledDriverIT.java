/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.deploy.Apps.Running;
import org.splitmask.train.CommandOutcome;
import org.splitmask.train.TestPictures;
import org.splitmask.train.TinyModel;
import org.splitmask.train.checkpoint.CheckpointStore;
import org.splitmask.train.checkpoint.RunFiles;

/**
 * The driver is killed at random moments, from the start of its JVM to just before the end of the
 * run, and the same command is started again each time. That takes minutes, so it needs {@code
 * -Dsplitmask.proofs=true}; {@code TrainingIT} and {@code ObjectStoreIT} kill a driver in every
 * build.
 */
@Timeout(1800)
class KilledDriverIT {
  private static final String PREPARE = "org.splitmask.prep.PrepareApp";
  private static final String TRAIN = "org.splitmask.train.TrainApp";

  private static final int KILLS = 20;
  private static final long SEED = 20270301;

  /** What SIGKILL makes of a process, as shells count. */
  private static final int KILLED = 128 + 9;

  /** So many rounds may pass between the round that is waited for and the kill. */
  private static final int ROUNDS_LATER = 3;

  @TempDir private static Path folder;

  private static RunFiles undisturbed;
  private static int rounds;
  private static Duration untilTheFirst;
  private static Duration roundTime;

  @BeforeAll
  static void trainUndisturbed() throws Exception {
    assumeTrue(
        Boolean.getBoolean("splitmask.proofs"),
        "skipped: drivers that are killed; -Dsplitmask.proofs=true runs it");
    TestPictures.write(folder.resolve("pictures"), 60, 24);
    Apps apps = apps(List.of(), "", Map.of());
    List<String> prepare = new ArrayList<>();
    prepare.addAll(List.of("--input", folder.resolve("pictures").toString()));
    prepare.addAll(List.of("--output", folder.resolve("table").toString()));
    prepare.addAll(TinyModel.PREPARATION);
    apps.start(PREPARE, prepare).outcome().succeeded();

    String run = folder.resolve("undisturbed").toString();
    undisturbed = new RunFiles(run, new Configuration());
    long start = System.nanoTime();
    Running driver = train(apps, run);
    awaitRound(driver, undisturbed, 1);
    untilTheFirst = Duration.ofNanos(System.nanoTime() - start);
    rounds = driver.outcome().succeeded().json().path("rounds").asInt();
    Duration all = Duration.ofNanos(System.nanoTime() - start);
    roundTime = all.minus(untilTheFirst).dividedBy(rounds);
    assertThat(rounds).as("enough for every kill").isGreaterThan(5 * KILLS);
  }

  @Test
  void onALocalDiskItComesToTheSameBits() throws Exception {
    String run = folder.resolve("killed").toString();
    assertComesToTheSameBits(apps(List.of(), "", Map.of()), run, run);
  }

  @Test
  void onHdfsItComesToTheSameBits() throws Exception {
    try (MiniDFSCluster hdfs =
        new MiniDFSCluster.Builder(new HdfsConfiguration(), folder.resolve("hdfs").toFile())
            .numDataNodes(1)
            .build()) {
      String run = hdfs.getURI() + "/runs/killed";
      assertComesToTheSameBits(apps(List.of(), "", Map.of()), run, run);
    }
  }

  @Test
  void onS3ItComesToTheSameBits() throws Exception {
    try (S3Server server = S3Server.start(Files.createDirectory(folder.resolve("s3")))) {
      Path bucket = server.makeBucket("bucket");
      Map<String, String> credentials =
          Map.of(
              "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY,
              "AWS_SECRET_ACCESS_KEY", S3Server.SECRET_KEY);
      assertComesToTheSameBits(
          apps(server.options(), S3Server.clientJars(), credentials),
          "s3a://bucket/runs/killed",
          bucket.resolve("runs/killed").toString());
    }
  }

  /**
   * Trains a run to its end, over the deaths of its drivers.
   *
   * @param place where this process sees the run's files
   */
  private static void assertComesToTheSameBits(Apps apps, String run, String place)
      throws Exception {
    RunFiles files = new RunFiles(place, new Configuration());
    Random random = new Random(SEED);
    for (int kill = 0; kill < KILLS; kill++) {
      int before = newestRound(files);
      Running driver = train(apps, run);
      boolean isStarting = kill % 4 == 0;
      if (isStarting) {
        Thread.sleep(random.nextLong(untilTheFirst.toMillis()));
      } else {
        double share = (kill + random.nextDouble()) / KILLS;
        int target = (int) (share * (rounds - ROUNDS_LATER - 1));
        awaitRound(driver, files, Math.max(before + 1, target));
        Thread.sleep(random.nextLong(ROUNDS_LATER * roundTime.toMillis()));
      }
      driver.kill();

      String said = Files.readString(driver.err());
      assertThat(driver.process().exitValue()).as("kill %d: %s", kill, said).isEqualTo(KILLED);
      assertThat(said).doesNotContain("passing over checkpoint");
      assertThat(isStarting || said.contains(run + " at round " + before + ","))
          .as("it goes on from round %d: %s", before, said)
          .isTrue();
      Thread.sleep(200); // S3Proxy may be at what the dead one has asked for
      for (String checkpoint : CheckpointStore.folders(files)) {
        assertThat(wholeFiles(files, checkpoint)).as("vectors of %s", checkpoint).hasSize(4);
      }
      assertThat(newestRound(files)).isGreaterThanOrEqualTo(before);
      System.err.printf(
          "kill %d %s: round %d, then %d of %d%n",
          kill + 1, isStarting ? "while it starts" : "", before, newestRound(files), rounds);
    }

    CommandOutcome end = train(apps, run).outcome().succeeded();

    assertThat(end.json().path("rounds").asInt()).isEqualTo(rounds);
    assertThat(end.err()).doesNotContain("passing over checkpoint");
    List<String> checkpoints = CheckpointStore.folders(files);
    assertThat(checkpoints).isEqualTo(CheckpointStore.folders(undisturbed));
    for (String checkpoint : checkpoints) {
      assertThat(wholeFiles(files, checkpoint)).isEqualTo(wholeFiles(undisturbed, checkpoint));
      assertThat(manifest(files, checkpoint)).isEqualTo(manifest(undisturbed, checkpoint));
    }
    assertThat(files.text("metrics.jsonl").lines().map(line -> line.split(",")[0]))
        .as("each round once")
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, rounds).mapToObj(r -> "{\"round\":" + r).toList());
    assertThat(files.exists("_driver.lease")).as("it is given back").isFalse();
  }

  private static Apps apps(List<String> options, String jars, Map<String, String> environment)
      throws IOException {
    Path home = Files.createTempDirectory(folder, "apps");
    List<String> all = new ArrayList<>(options);
    // What the dead leave there goes with this test's folder.
    all.add("-Djava.io.tmpdir=" + home);
    all.add("-Dspark.hadoop.hadoop.tmp.dir=" + home);
    return new Apps(home, all, jars, environment);
  }

  /** Five rounds an epoch, each with its checkpoint, and a velocity to keep. */
  private static Running train(Apps apps, String run) throws IOException {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--table", folder.resolve("table").toString(), "--output", run));
    TinyModel.TRAINING.stream().filter(word -> !word.startsWith("epochs")).forEach(words::add);
    words.addAll(List.of("workers=2", "epochs=24", "steps-per-round=1", "checkpoint-every=1"));
    words.add("outer-momentum=0.5");
    return apps.start(TRAIN, words);
  }

  private static void awaitRound(Running driver, RunFiles files, int round) throws Exception {
    while (newestRound(files) < round) {
      assertThat(driver.process().isAlive())
          .as("it trains until it is killed: %s", Files.readString(driver.err()))
          .isTrue();
      Thread.sleep(10);
    }
  }

  /** The round of the newest checkpoint; 0 before the first. */
  private static int newestRound(RunFiles files) throws IOException {
    return CheckpointStore.folders(files).stream()
        .findFirst()
        .map(checkpoint -> Integer.parseInt(checkpoint.substring("round-".length())))
        .orElse(0);
  }

  /** The vectors of a checkpoint, which have to be those that its manifest tells of. */
  private static Map<String, ByteBuffer> wholeFiles(RunFiles files, String checkpoint)
      throws Exception {
    Map<String, ByteBuffer> contents = new TreeMap<>();
    JsonNode told = manifest(files, checkpoint).path("files");
    for (var names = told.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      org.apache.hadoop.fs.Path path = files.path("checkpoints/" + checkpoint + "/" + name);
      try (InputStream in = path.getFileSystem(new Configuration()).open(path)) {
        byte[] bytes = in.readAllBytes();
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        assertThat(HexFormat.of().formatHex(digest))
            .as("SHA-256 of %s", path)
            .isEqualTo(told.path(name).path("sha256").asText());
        contents.put(name, ByteBuffer.wrap(bytes));
      }
    }
    return contents;
  }

  private static JsonNode manifest(RunFiles files, String checkpoint) throws IOException {
    return files.json("checkpoints/" + checkpoint + "/manifest.json");
  }
}
