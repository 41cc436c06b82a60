/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.IOException;
import java.util.Locale;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.TrainingState;

/**
 * Saves the state every few rounds, and at the end. Told after those who write of the round: what
 * they have beyond the checkpoint is dropped on resuming, what they lack would stay away.
 */
public final class CheckpointListener implements RoundListener {
  private final CheckpointStore checkpoints;
  private final int every;

  /**
   * A listener.
   *
   * @param every the rounds between two checkpoints
   */
  public CheckpointListener(CheckpointStore checkpoints, int every) {
    this.checkpoints = checkpoints;
    this.every = every;
  }

  @Override
  public void onRound(RoundResult result) {
    if (result.state().round() % every == 0) {
      save(result.state());
    }
  }

  @Override
  public void onEnd(TrainingState state) {
    save(state);
  }

  private void save(TrainingState state) {
    try {
      checkpoints.save(state);
    } catch (IOException e) {
      throw new SplitMaskException(
          Blame.CLUSTER,
          String.format(
              Locale.ROOT,
              "the checkpoint of round %d could not be written: %s; earlier checkpoints are intact,"
                  + " and the same command goes on from the last of them",
              state.round(),
              e.getMessage()),
          e);
    }
  }
}
