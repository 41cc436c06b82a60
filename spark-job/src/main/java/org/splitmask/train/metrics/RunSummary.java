/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.splitmask.train.averaging.RoundMetrics;
import org.splitmask.train.checkpoint.RunFiles;

/**
 * What a run's metrics come to: its first round, its last, and sums. As large for a thousand rounds
 * as for one.
 */
public final class RunSummary {
  /**
   * The rounds of the recent loss. A key could change when a run is resumed, and figures with it.
   */
  private static final int RECENT = 10;

  private final Deque<ObjectNode> recent = new ArrayDeque<>();
  private @Nullable ObjectNode first;
  private @Nullable ObjectNode last;
  private int rounds;
  private long images;
  private double seconds;
  private double imagesTimesWorkers;

  /** Of all rounds that a run's file tells of. */
  public static RunSummary read(RunFiles run) throws IOException {
    return new MetricsFile(run, 1).resume(Integer.MAX_VALUE);
  }

  /** Adds a round. */
  void add(ObjectNode round) {
    first = first == null ? round : first;
    last = round;
    recent.addLast(round);
    if (recent.size() > RECENT) {
      recent.removeFirst();
    }
    rounds++;
    images += round.path("images").asLong();
    seconds += round.path("seconds").asDouble();
    imagesTimesWorkers += round.path("images").asDouble() * round.path("workers").asDouble();
  }

  /** How many rounds there are. */
  public int rounds() {
    return rounds;
  }

  /** Images of all rounds, counted as often as they were seen. */
  public long images() {
    return images;
  }

  /** Over all rounds, from the end of one to the end of the next. */
  public double imagesPerSecond() {
    return seconds > 0 ? RoundMetrics.rounded(images / seconds) : 0;
  }

  /** The workers of a round, the mean by images; 0 before the first. */
  public double workers() {
    return images > 0 ? imagesTimesWorkers / images : 0;
  }

  /**
   * The mean loss of the last ten rounds, by images; NaN before the first round. By it a run's
   * checkpoints are compared.
   *
   * <p>It follows from the lines of those rounds alone, which a resumed run reads from the file. So
   * it is the same whether a run was killed in between, and wherever it was: the rounds since the
   * checkpoint before would differ, since a run that is stopped writes one after any round, and
   * {@code checkpoint-every} may change. A single round's loss would be as repeatable; but a round
   * may be one step (with {@code post-local-share}, or the last one), and the lowest of those is
   * luck.
   */
  public double recentLoss() {
    double sum = 0;
    long seen = 0;
    for (ObjectNode round : recent) {
      long weight = round.path("images").asLong();
      sum += weight * value(round, "loss");
      seen += weight;
    }
    return RoundMetrics.rounded(sum / seen);
  }

  /** Whether the newest round has that figure. */
  public boolean has(String name) {
    return last != null && last.has(name);
  }

  /** A figure of the run's last round. */
  public double last(String name) {
    return value(last, name);
  }

  /** A figure of the run's first and last rounds, under these names. */
  public Map<String, Double> firstAndLast(String name) {
    Map<String, Double> ends = new LinkedHashMap<>();
    ends.put("first", value(first, name));
    ends.put("last", value(last, name));
    return ends;
  }

  private static double value(@Nullable ObjectNode round, String name) {
    return round == null ? Double.NaN : round.path(name).asDouble(Double.NaN);
  }
}
