/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockId;
import org.junit.jupiter.api.Test;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/**
 * A run of many rounds holds no more at its end than at its beginning. The 500 rounds take minutes,
 * and need {@code -Dsplitmask.proofs=true}.
 */
class ManyRoundsIT extends TrainingFixture {
  private static final int ROUNDS = 500;
  private static final int WARM = 50;

  @Test
  void nothingIsLeftInSparksStorage() throws Exception {
    String run = folder.resolve("first").toString();
    train(run, "workers=2", "steps-per-round=1", "max-updates=8");
    int before = blocksAfterCleaning(0);
    train(run, "workers=2", "steps-per-round=1", "max-updates=28");

    assertThat(session.sparkContext().getRDDStorageInfo()).isEmpty();
    assertThat(blocksAfterCleaning(before)).as(blocks().toString()).isLessThanOrEqualTo(before);
  }

  /** Heap and code are there from the start, so that what grows is what is forgotten elsewhere. */
  @Test
  void residentMemoryIsFlatAfterTheFirstRounds() throws Exception {
    assumeTrue(
        Boolean.getBoolean("splitmask.proofs"),
        "skipped: 500 rounds; -Dsplitmask.proofs=true runs them");
    String run = folder.resolve("many").toString();
    Process process =
        process(
            run,
            List.of("-Xms600m", "-Xmx600m", "-XX:+AlwaysPreTouch"),
            "workers=2",
            "steps-per-round=1",
            "epochs=1000",
            "max-updates=" + ROUNDS);
    long warm = 0;
    long largest = 0;
    while (process.isAlive()) {
      long rounds = rounds(run);
      long resident = resident(process.pid());
      if (rounds >= WARM && resident > 0) {
        warm = warm == 0 ? resident : warm;
        largest = Math.max(largest, resident);
      }
      Thread.sleep(100);
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(Path.of(run + ".log"))).isZero();
    assertThat(rounds(run)).isEqualTo(ROUNDS);
    System.err.printf(
        "%d rounds: %d MB resident after %d, at most %d MB later%n",
        ROUNDS, warm >> 20, WARM, largest >> 20);
    assertThat((double) largest / warm).as("%d bytes after %d", largest, warm).isLessThan(1.05);
  }

  private static long rounds(String run) throws IOException {
    Path metrics = Path.of(run, "metrics.jsonl");
    return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
  }

  /** Bytes, as Linux counts them; 0 once the process is gone. */
  private static long resident(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }

  /** Spark drops what it broadcast of a stage once the garbage collector has found it. */
  private static int blocksAfterCleaning(int expected) throws InterruptedException {
    for (int i = 0; i < 20 && blocks().size() > expected; i++) {
      System.gc();
      Thread.sleep(200);
    }
    return blocks().size();
  }

  /** All blocks of this process that Spark keeps. */
  private static TreeSet<String> blocks() {
    var all =
        new AbstractFunction1<BlockId, Object>() {
          @Override
          public Object apply(BlockId block) {
            return true;
          }
        };
    TreeSet<String> names = new TreeSet<>();
    JavaConverters.seqAsJavaList(SparkEnv.get().blockManager().getMatchingBlockIds(all))
        .forEach(block -> names.add(block.name()));
    return names;
  }
}
