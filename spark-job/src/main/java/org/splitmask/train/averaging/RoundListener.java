/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;

/** Who is told of each round: metrics, progress, warnings, checkpoints. */
public interface RoundListener {
  /** Called after every round, in order. */
  void onRound(RoundResult result);

  /** Called once, after the last round of the run, with the state that it ends in. */
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
      public void onEnd(TrainingState state) {
        inOrder.forEach(listener -> listener.onEnd(state));
      }
    };
  }
}
