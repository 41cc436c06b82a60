/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;

/** Who is told of each round: metrics, progress, warnings, checkpoints. */
public interface RoundListener {
  /** Called after every round, in order. */
  void onRound(RoundResult result);

  /**
   * Called before the vectors of a state go: after the round that follows it, and when training
   * fails. Returns once nobody reads them any more. Whatever went wrong until then is thrown by the
   * next {@link #onRound} or {@link #onEnd}, not here.
   */
  default void release(TrainingState state) {}

  /**
   * Called once, with the state that the run ends in: after its last round, and, if at least one
   * round was done, also where the next one failed.
   */
  default void onEnd(TrainingState state) {}

  /** One that tells several, in this order. */
  static RoundListener all(List<? extends RoundListener> listeners) {
    List<RoundListener> inOrder = List.copyOf(listeners);
    return new RoundListener() {
      @Override
      public void onRound(RoundResult result) {
        inOrder.forEach(listener -> listener.onRound(result));
      }

      @Override
      public void release(TrainingState state) {
        inOrder.forEach(listener -> listener.release(state));
      }

      @Override
      public void onEnd(TrainingState state) {
        inOrder.forEach(listener -> listener.onEnd(state));
      }
    };
  }
}
