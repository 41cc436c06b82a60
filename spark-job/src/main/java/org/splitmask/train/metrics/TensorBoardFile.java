/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.checkpoint.RunFiles;

/**
 * The same figures as metrics.jsonl for TensorBoard, by updates: a new file in {@code
 * RUN/tensorboard} each time that training begins or goes on, since what follows a record that was
 * cut by a kill is not read. Rounds that were lost and come again are shown once.
 */
public final class TensorBoardFile implements RoundListener {
  private static final Logger LOG = LoggerFactory.getLogger(TensorBoardFile.class);
  private static final Set<String> OF_WORKERS = Set.of("workers", "waitingShare");

  private final RunFiles run;
  private final int every;
  private final InstantSource clock;
  private final String file;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private boolean hasRounds;
  private boolean failed;

  /**
   * A file.
   *
   * @param every how many rounds are written at once
   * @param start from which the training goes on
   * @param clock tells when; nothing but TensorBoard's axis of time depends on it
   */
  public TensorBoardFile(RunFiles run, int every, TrainingState start, InstantSource clock) {
    this.run = run;
    this.every = every;
    this.clock = clock;
    // TensorBoard reads the files of a folder in the order of their names.
    this.file =
        String.format(
            Locale.ROOT,
            "tensorboard/events.out.tfevents.%010d.round-%06d",
            clock.instant().getEpochSecond(),
            start.round());
    pending.writeBytes(TensorBoardRecords.start(seconds(), start.updates() + 1));
  }

  @Override
  public void onRound(RoundResult result) {
    if (failed) {
      return;
    }
    hasRounds = true;
    Map<String, Number> figures = new LinkedHashMap<>();
    result.metrics().named().forEach((name, value) -> figures.put(group(name) + "/" + name, value));
    pending.writeBytes(TensorBoardRecords.figures(seconds(), result.metrics().updates(), figures));
    if (result.metrics().round() % every == 0) {
      write();
    }
  }

  /** A run that was over already has nothing to show, and gets no file. */
  @Override
  public void onEnd(TrainingState state) {
    if (hasRounds) {
      write();
    }
  }

  /** The heading under which TensorBoard shows a figure. */
  private static String group(String name) {
    if (name.toLowerCase(Locale.ROOT).endsWith("seconds")) {
      return "time";
    }
    return OF_WORKERS.contains(name) || name.contains("Worker") || name.startsWith("worker")
        ? "workers"
        : "train";
  }

  /** Curves are not worth the run. Behind a record that was cut nothing would be read. */
  private void write() {
    if (failed) {
      return;
    }
    try {
      run.append(file, pending.toByteArray());
      pending.reset();
    } catch (IOException e) {
      failed = true;
      LOG.warn(
          "cannot write {}: {}; TensorBoard sees no more of this run until it is resumed",
          run.path(file),
          PlainMessage.of(e));
    }
  }

  private double seconds() {
    Instant now = clock.instant();
    return now.getEpochSecond() + now.getNano() / 1e9;
  }
}
