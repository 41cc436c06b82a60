/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundMetrics;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.checkpoint.RunFiles;

/**
 * {@code metrics.jsonl}: one JSON object a round, added to the file's end. Written before each
 * checkpoint, so that the file has the checkpoint's rounds at least, whatever was killed when.
 */
public final class MetricsFile implements RoundListener {
  private static final String FILE = "metrics.jsonl";

  private final RunFiles run;
  private final int every;
  private final ObjectMapper mapper = new ObjectMapper();
  private final StringBuilder pending = new StringBuilder();
  private RunSummary summary = new RunSummary();

  /**
   * A run's file.
   *
   * @param every how many rounds are written at once, as many as there are between two checkpoints
   */
  public MetricsFile(RunFiles run, int every) {
    this.run = run;
    this.every = every;
  }

  /**
   * Goes on after a round: later lines belong to work that was lost, and a last line may have been
   * cut by a kill. What must go is not written again here but by {@link #dropLater}.
   *
   * @return what the rounds up to there come to; it grows with every further round
   */
  public RunSummary resume(int round) throws IOException {
    summary = new RunSummary();
    for (String line : linesUpTo(round)) {
      summary.add((ObjectNode) parse(line));
    }
    return summary;
  }

  /** Rewrites the file without the lines of later rounds, where there are any. */
  public void dropLater(int round) throws IOException {
    List<String> kept = linesUpTo(round);
    String text = kept.isEmpty() ? "" : String.join("\n", kept) + "\n";
    if (run.exists(FILE) && !run.text(FILE).equals(text)) {
      run.replace(FILE, text);
    }
  }

  private List<String> linesUpTo(int round) throws IOException {
    if (!run.exists(FILE)) {
      return List.of();
    }
    List<String> lines = run.text(FILE).lines().toList();
    List<String> kept = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (isWhole(line, i == lines.size() - 1) && parse(line).path("round").asInt() <= round) {
        kept.add(line);
      }
    }
    return kept;
  }

  /** The last line may be cut; a line before it that is no object is damage. */
  private boolean isWhole(String line, boolean isLast) {
    boolean whole = parse(line) instanceof ObjectNode node && node.has("round");
    Check.data(
        whole || isLast,
        "%s has a line that is no round's: '%s'; take it out, or give another --output",
        run.path(FILE),
        line.substring(0, Math.min(80, line.length())));
    return whole;
  }

  private JsonNode parse(String line) {
    try {
      return mapper.readTree(line);
    } catch (JsonProcessingException e) {
      return mapper.missingNode();
    }
  }

  @Override
  public void onRound(RoundResult result) {
    ObjectNode node = json(result.metrics());
    summary.add(node);
    pending.append(node).append('\n');
    if (result.state().round() % every == 0) {
      write(result.state());
    }
  }

  @Override
  public void onEnd(TrainingState state) {
    write(state);
  }

  private void write(TrainingState state) {
    if (pending.isEmpty()) {
      return;
    }
    try {
      run.append(FILE, pending.toString().getBytes(StandardCharsets.UTF_8));
      pending.setLength(0);
    } catch (IOException e) {
      throw new SplitMaskException(
          Blame.CLUSTER,
          String.format(
              Locale.ROOT,
              "the metrics of round %d could not be written: %s; earlier checkpoints are intact, and"
                  + " the same command goes on from the last of them",
              state.round(),
              PlainMessage.of(e)),
          e);
    }
  }

  private ObjectNode json(RoundMetrics metrics) {
    return mapper.valueToTree(metrics.named());
  }
}
