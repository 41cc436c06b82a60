/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.local.Pace;
import org.splitmask.train.engine.StepMetrics;

/**
 * {@code metrics.jsonl}: one JSON object a round. Written before each checkpoint, whole, so that
 * the file tells of the checkpoint's rounds at least, whatever was killed when.
 */
public final class RunMetrics {
  private static final String FILE = "metrics.jsonl";

  private final RunFiles run;
  private final ObjectMapper mapper = new ObjectMapper();
  private final List<ObjectNode> rounds = new ArrayList<>();

  public RunMetrics(RunFiles run) {
    this.run = run;
  }

  /** Takes over what was written up to a round; later lines belong to work that was lost. */
  public void resume(int round) throws IOException {
    rounds.clear();
    if (!run.exists(FILE)) {
      return;
    }
    for (String line : run.text(FILE).lines().toList()) {
      if (mapper.readTree(line) instanceof ObjectNode node && node.path("round").asInt() <= round) {
        rounds.add(node);
      }
    }
  }

  /**
   * Adds a round.
   *
   * @param seconds that it took
   */
  public void add(RoundResult result, double seconds) {
    List<StepMetrics> steps = result.steps().stream().flatMap(List::stream).toList();
    ObjectNode node = mapper.createObjectNode();
    node.put("round", result.state().round());
    node.put("epoch", result.state().cursor().epoch());
    node.put("updates", result.state().optimizer().updates());
    node.put("workers", result.steps().size());
    node.put("images", result.images());
    node.put("seconds", rounded(seconds));
    node.put("inpaint", mean(steps, step -> step.losses().inpaint()));
    node.put("loss", mean(steps, step -> step.losses().total()));
    if (!Double.isNaN(steps.get(0).losses().match())) {
      node.put("match", mean(steps, step -> step.losses().match()));
      node.put("matchAccuracy", mean(steps, step -> step.losses().matchAccuracy()));
      node.put("descriptorDeviation", mean(steps, step -> step.losses().descriptorDeviation()));
      node.put("effectiveRank", mean(steps, step -> step.losses().effectiveRank()));
    }
    node.put("gradientNorm", mean(steps, StepMetrics::gradientNorm));
    node.put("learningRate", steps.get(steps.size() - 1).rate());
    double working = result.paces().stream().mapToDouble(Pace::seconds).sum();
    double waiting = result.paces().stream().mapToDouble(Pace::waiting).sum();
    node.put("waitingShare", working > 0 ? rounded(waiting / working) : 0);
    rounds.add(node);
  }

  /** Replaces the file. */
  public void write() throws IOException {
    run.replace(
        FILE,
        out -> {
          for (ObjectNode round : rounds) {
            out.write(mapper.writeValueAsBytes(round));
            out.write('\n');
          }
        });
  }

  /** How many rounds there are. */
  public int rounds() {
    return rounds.size();
  }

  /** Over all rounds, from the end of one to the end of the next. */
  public double imagesPerSecond() {
    return rounded(sum("images") / sum("seconds"));
  }

  /** Whether the newest round has that figure; without a split there is none of matching. */
  public boolean has(String name) {
    return !rounds.isEmpty() && rounds.get(rounds.size() - 1).has(name);
  }

  /** A figure of the run's first round. */
  public double first(String name) {
    return rounds.isEmpty() ? Double.NaN : rounds.get(0).path(name).asDouble(Double.NaN);
  }

  /** A figure of the run's last round. */
  public double last(String name) {
    return rounds.isEmpty()
        ? Double.NaN
        : rounds.get(rounds.size() - 1).path(name).asDouble(Double.NaN);
  }

  /** A figure of the run's first and last rounds, under these names. */
  public Map<String, Double> firstAndLast(String name) {
    Map<String, Double> ends = new LinkedHashMap<>();
    ends.put("first", first(name));
    ends.put("last", last(name));
    return ends;
  }

  /** A figure added up over the rounds. */
  public double sum(String name) {
    return rounds.stream().map(node -> node.path(name)).mapToDouble(JsonNode::asDouble).sum();
  }

  /** Weighted by images, as the parameters are. */
  private static double mean(List<StepMetrics> steps, ToDoubleFunction<StepMetrics> figure) {
    double sum = 0;
    long images = 0;
    for (StepMetrics step : steps) {
      sum += step.images() * figure.applyAsDouble(step);
      images += step.images();
    }
    return rounded(sum / images);
  }

  /** Six significant digits: a metric is read, not computed with. */
  private static double rounded(double value) {
    return new java.math.BigDecimal(value).round(new java.math.MathContext(6)).doubleValue();
  }
}
