/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.deploy.Apps.Running;
import org.splitmask.train.CommandOutcome;

/**
 * Tables and runs on S3: a JDBC catalog in a file, S3's protocol spoken by S3Proxy, and the
 * applications' jars in processes that can be killed. {@code -Dsplitmask.proofs=true} kills ten
 * writers in the place of two.
 */
@TestMethodOrder(OrderAnnotation.class)
class ObjectStoreIT {
  private static final String PREPARE = "org.splitmask.prep.PrepareApp";
  private static final String TRAIN = "org.splitmask.train.TrainApp";
  private static final String INSPECT = "org.splitmask.train.InspectApp";

  private static final String TABLE = "pictures.shop.clothes";
  private static final int KILLS = Boolean.getBoolean("splitmask.proofs") ? 10 : 2;
  private static final long SEED = 20261129;

  /** A checkpoint after every round; enough rounds to be killed in their midst. */
  private static final List<String> TRAINING =
      List.of(
          "crop-size=32",
          "patch-size=8",
          "width=24",
          "depth=1",
          "heads=2",
          "vocabulary=32",
          "batch-size=8",
          "workers=2",
          "steps-per-round=1",
          "epochs=12",
          "checkpoint-every=1");

  @TempDir private static Path folder;

  private static S3Server server;
  private static Path bucket;
  private static Apps apps;
  private static int pictures;
  private static Duration preparing = Duration.ZERO;

  @BeforeAll
  static void start() throws Exception {
    server = S3Server.start(Files.createDirectories(folder.resolve("s3")));
    bucket = server.makeBucket("bucket");
    apps = apps(S3Server.clientJars(), S3Server.SECRET_KEY);
    Files.writeString(folder.resolve("catalog.yaml"), catalog("s3a://bucket/warehouse"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Apps apps(String jars, String secretKey) throws IOException {
    return new Apps(
        Files.createTempDirectory(folder, "apps"),
        server.options(),
        jars,
        Map.of(
            "AWS_ACCESS_KEY_ID",
            S3Server.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY",
            secretKey,
            "CATALOG_DATABASE",
            folder.resolve("catalog.db").toString()));
  }

  private static String catalog(String warehouse) {
    return """
        name: pictures
        properties:
          type: jdbc
          uri: jdbc:sqlite:${env:CATALOG_DATABASE}
          warehouse: %s
        """
        .formatted(warehouse);
  }

  @Test
  @Order(1)
  void twoWritersAtOnceLoseNothing() throws Exception {
    makePictures("one", 24);
    long start = System.nanoTime();
    assertThat(prepare("one").outcome().succeeded().json().path("accepted").asInt()).isEqualTo(24);
    preparing = Duration.ofNanos(System.nanoTime() - start);
    makePictures("two", 8);
    makePictures("three", 8);

    Running two = prepare("two");
    Running three = prepare("three");

    comeAgainWhereItIsWorthARetry("two", two.outcome());
    comeAgainWhereItIsWorthARetry("three", three.outcome());
    assertThat(picturesThatCanBeRead()).isEqualTo(pictures);
    try (Stream<Path> records =
        Files.list(bucket.resolve("warehouse/shop/_splitmask/clothes_patches/runs"))) {
      assertThat(records).as("of each run that committed, at least").hasSizeGreaterThan(2);
    }
  }

  private static void comeAgainWhereItIsWorthARetry(String name, CommandOutcome outcome)
      throws Exception {
    assertThat(outcome.exitCode()).as(outcome.err()).isIn(0, 4);
    if (outcome.exitCode() == 4) {
      prepare(name).outcome().succeeded().json();
    }
  }

  /** By their labels, for which every file is opened. */
  private static int picturesThatCanBeRead() throws Exception {
    JsonNode inspected =
        apps.start(INSPECT, List.of(TABLE, "--catalog", catalogFile()))
            .outcome()
            .succeeded()
            .json();
    int labelled = 0;
    for (JsonNode split : inspected.path("labels")) {
      for (JsonNode count : split) {
        labelled += count.asInt();
      }
    }
    return labelled;
  }

  @Test
  @Order(2)
  void aWriterThatIsKilledAtAnyMomentLosesNothingAndTheNextOneSucceeds() throws Exception {
    Random random = new Random(SEED);
    int hits = 0;
    for (int writers = 0; hits < KILLS; writers++) {
      assertThat(writers).as("writers, of which %d were hit", hits).isLessThan(4 * KILLS);
      makePictures("one", 2);
      Running killed = prepare("one");
      // Not while the JVM starts, which writes nothing.
      long earliest = preparing.toMillis() / 3;
      Thread.sleep(earliest + random.nextLong(2 * earliest));
      hits += killed.process().isAlive() ? 1 : 0;
      killed.kill();
    }

    prepare("one").outcome().succeeded().json();

    assertThat(picturesThatCanBeRead()).isEqualTo(pictures);
  }

  @Test
  @Order(3)
  void aRunOnS3GoesOnAfterAKillToTheSameBits() throws Exception {
    Running undisturbed = train(folder.resolve("run").toString());
    Running killed = train("s3a://bucket/runs/a");
    Path third = bucket.resolve("runs/a/checkpoints/round-000003/manifest.json");
    while (!Files.exists(third)) {
      assertThat(killed.process().isAlive()).as(Files.readString(killed.err())).isTrue();
      Thread.sleep(20);
    }
    killed.kill();
    undisturbed.outcome().succeeded().json();

    CommandOutcome resumed = train("s3a://bucket/runs/a").outcome();

    JsonNode result = resumed.succeeded().json();
    int rounds = result.path("rounds").asInt();
    assertThat(rounds).isGreaterThan(4);
    assertThat(resumed.err()).containsPattern("s3a://bucket/runs/a at round [1-9]");
    String newest = "checkpoints/round-%06d/manifest.json".formatted(rounds);
    assertThat(json(bucket.resolve("runs/a").resolve(newest)).path("files"))
        .isEqualTo(json(folder.resolve("run").resolve(newest)).path("files"));
    List<Integer> told = new ArrayList<>();
    for (String line : Files.readAllLines(bucket.resolve("runs/a/metrics.jsonl"))) {
      told.add(new ObjectMapper().readTree(line).path("round").asInt());
    }
    assertThat(told).isEqualTo(IntStream.rangeClosed(1, rounds).boxed().toList());
  }

  /** Each says the cause and the remedy, and none of them is a defect. */
  @Test
  @Order(4)
  void whatIsMissingOrRefusedIsSaid() throws Exception {
    Files.writeString(folder.resolve("no-bucket.yaml"), catalog("s3a://nowhere/warehouse"));
    List<String> words = List.of(TABLE, "--catalog", catalogFile());
    Running refused = apps(S3Server.clientJars(), "wrong").start(INSPECT, words);
    Running jarless = apps("", S3Server.SECRET_KEY).start(INSPECT, words);
    Running lost = apps.start(INSPECT, List.of("s3a://nowhere/run"));
    Running bucketless =
        apps.start(
            PREPARE,
            List.of(
                "--input",
                folder.resolve("in/two").toString(),
                "--output",
                "pictures.other.clothes",
                "--catalog",
                folder.resolve("no-bucket.yaml").toString()));

    assertTold(refused, 2, "the store refuses these credentials");
    assertTold(jarless, 2, "error: ", "Add hadoop-aws");
    assertTold(lost, 2, "there is no such bucket");
    assertTold(bucketless, 2, "cannot reach the warehouse s3a://nowhere", "no such bucket");
  }

  private static void assertTold(Running running, int exitCode, String... parts)
      throws IOException, InterruptedException {
    CommandOutcome outcome = running.outcome();
    assertThat(outcome.err()).contains(parts).doesNotContain(S3Server.SECRET_KEY);
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(exitCode);
  }

  private static Running prepare(String name) throws IOException {
    return apps.start(
        PREPARE,
        List.of(
            "--input",
            folder.resolve("in").resolve(name).toString(),
            "--output",
            TABLE,
            "--catalog",
            catalogFile(),
            "image-size=32",
            "patch-size=8"));
  }

  private static Running train(String run) throws IOException {
    List<String> words =
        new ArrayList<>(List.of("--table", TABLE, "--catalog", catalogFile(), "--output", run));
    words.addAll(TRAINING);
    return apps.start(TRAIN, words);
  }

  private static String catalogFile() {
    return folder.resolve("catalog.yaml").toString();
  }

  private static JsonNode json(Path file) throws IOException {
    return new ObjectMapper().readTree(file.toFile());
  }

  /** Adds pictures, each another one, to an input. */
  private static void makePictures(String name, int count) throws IOException {
    Path input = Files.createDirectories(folder.resolve("in").resolve(name).resolve("hats"));
    for (int i = 0; i < count; i++) {
      Random noise = new Random(pictures++);
      BufferedImage image = new BufferedImage(36, 36, BufferedImage.TYPE_INT_RGB);
      for (int pixel = 0; pixel < 36 * 36; pixel++) {
        image.setRGB(pixel % 36, pixel / 36, noise.nextInt());
      }
      ImageIO.write(image, "png", input.resolve(pictures + ".png").toFile());
    }
  }
}
