/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far a long piece of work is: a bar with rate and time left on a terminal, plain lines at most
 * every few seconds elsewhere (logs of schedulers).
 */
public final class Progress implements AutoCloseable {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final String task;
  private final String unit;
  private final long total;
  private final PrintStream err;
  private final LongSupplier nanoTime;
  private final long startedAt;
  private final @Nullable ProgressBar bar;
  private long lastLineAt;
  private long first = -1;

  /** Where progress is shown. */
  public enum Display {
    TERMINAL,
    PLAIN_LINES
  }

  /**
   * Starts showing.
   *
   * @param total the amount of work in {@code unit}s
   * @param nanoTime the clock, monotonic nanoseconds
   */
  public Progress(
      String task,
      String unit,
      long total,
      Display display,
      PrintStream err,
      LongSupplier nanoTime) {
    this.task = task;
    this.unit = unit;
    this.total = total;
    this.err = err;
    this.nanoTime = nanoTime;
    this.startedAt = nanoTime.getAsLong();
    this.lastLineAt = startedAt;
    this.bar =
        display == Display.TERMINAL
            ? new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setConsumer(new ConsoleProgressBarConsumer(err))
                .build()
            : null;
  }

  /**
   * Reports how much is done in all; work done before this process began does not count in the
   * rate.
   *
   * @param note a few words behind the figures, such as the current losses
   */
  public void at(long done, String note) {
    if (first < 0) {
      first = done;
    }
    if (bar != null) {
      bar.stepTo(done);
      bar.setExtraMessage(note);
      return;
    }
    long now = nanoTime.getAsLong();
    if (now - lastLineAt >= BETWEEN_LINES.toNanos() || done >= total) {
      lastLineAt = now;
      err.println(line(done, now - startedAt, note));
    }
  }

  private String line(long done, long elapsedNanos, String note) {
    double seconds = Math.max(elapsedNanos / 1e9, 1e-9);
    double rate = (done - first) / seconds;
    String left =
        rate > 0 ? String.format(Locale.ROOT, "%.0f s left", (total - done) / rate) : "starting";
    return String.format(
        Locale.ROOT,
        "%s: %d of %d %s (%d %%), %.1f %s/s, %s %s",
        task,
        done,
        total,
        unit,
        total == 0 ? 100 : 100 * done / total,
        rate,
        unit,
        left,
        note);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
