/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.TrainingState;

/**
 * Saves the state every few rounds while the next round is under way, and at the end. Told after
 * those who write of the round: what they have beyond the checkpoint is dropped on resuming, what
 * they lack would stay away. And they know the loss that the checkpoint is saved with.
 */
public final class CheckpointListener implements RoundListener, AutoCloseable {
  private final CheckpointStore checkpoints;
  private final int every;
  private final DoubleSupplier meanLoss;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "checkpoint");
            thread.setDaemon(true);
            return thread;
          });

  /** The checkpoint that is being written, or was written last. */
  private @Nullable Future<?> writing;

  /** Of what is being written; the loop keeps it until {@link #release}. */
  private @Nullable TrainingState read;

  /**
   * A listener.
   *
   * @param every the rounds between two checkpoints
   * @param meanLoss of the rounds up to the one that was told last; by it checkpoints are compared
   */
  public CheckpointListener(CheckpointStore checkpoints, int every, DoubleSupplier meanLoss) {
    this.checkpoints = checkpoints;
    this.every = every;
    this.meanLoss = meanLoss;
  }

  @Override
  public void onRound(RoundResult result) {
    finish();
    TrainingState state = result.state();
    if (state.round() % every == 0) {
      read = state;
      double loss = meanLoss.getAsDouble(); // the next round changes it
      writing =
          writer.submit(
              () -> {
                checkpoints.save(state, loss);
                return null;
              });
    }
  }

  @Override
  public void release(TrainingState state) {
    if (read != null && read.round() == state.round() && writing != null) {
      waitFor(writing);
    }
  }

  @Override
  public void onEnd(TrainingState state) {
    finish();
    try {
      checkpoints.save(state, meanLoss.getAsDouble());
    } catch (IOException e) {
      throw failure(state, e);
    }
  }

  /** Waits for what is being written, and tells of its failure, once. */
  private void finish() {
    Future<?> last = writing;
    TrainingState state = read;
    writing = null;
    read = null;
    if (last == null || state == null) {
      return;
    }
    Throwable failure = waitFor(last);
    if (failure instanceof IOException io) {
      throw failure(state, io);
    } else if (failure instanceof RuntimeException own) {
      throw own;
    } else if (failure instanceof Error error) {
      throw error;
    } else if (failure != null) {
      throw new IllegalStateException("the checkpoint of round " + state.round(), failure);
    }
  }

  /** Waits, also where this thread is interrupted: the writer reads vectors that would be freed. */
  private static @Nullable Throwable waitFor(Future<?> written) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          written.get();
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return e.getCause();
        } catch (CancellationException e) {
          return e;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static SplitMaskException failure(TrainingState state, IOException e) {
    return new SplitMaskException(
        Blame.CLUSTER,
        String.format(
            Locale.ROOT,
            "the checkpoint of round %d could not be written: %s; earlier checkpoints are intact,"
                + " and the same command goes on from the last of them",
            state.round(),
            PlainMessage.of(e)),
        e);
  }

  @Override
  public void close() {
    writer.shutdown();
  }
}
