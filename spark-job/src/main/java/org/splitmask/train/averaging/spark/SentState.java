/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.splitmask.train.averaging.Moments;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;

/**
 * A state on its way to the executors, a broadcast for each segment: the driver serialises no more
 * than one at a time, and Spark may put the others on disk.
 */
record SentState(
    Segments segments, List<Broadcast<StateSegment>> sent, long updates, Moments moments)
    implements ModelState, Serializable {
  SentState {
    sent = List.copyOf(sent);
  }

  /**
   * Sends a state.
   *
   * @param moments those that are reset stay here, and workers begin to count their updates anew,
   *     as the correction of Adam's bias asks
   */
  static SentState send(JavaSparkContext spark, ModelState state, Moments moments) {
    boolean all = moments == Moments.AVERAGE;
    List<Broadcast<StateSegment>> sent = new ArrayList<>();
    boolean done = false;
    try {
      for (int s = 0; s < state.segments().count(); s++) {
        StateSegment segment = state.segment(s);
        sent.add(spark.broadcast(all ? segment : segment.withoutMoments()));
      }
      done = true;
      return new SentState(state.segments(), sent, all ? state.updates() : 0, moments);
    } finally {
      if (!done) {
        sent.forEach(Broadcast::destroy);
      }
    }
  }

  @Override
  public StateSegment segment(int index) {
    return sent.get(index).value();
  }

  /** A segment of what a worker came to, as it travels back. */
  StateSegment back(StateSegment segment) {
    return moments == Moments.AVERAGE ? segment : segment.withoutMoments();
  }

  /** What travels to each executor, and back from each worker. */
  long bytes() {
    return moments.travellingBytes(segments.length());
  }

  /** Frees it on the driver and on all executors. */
  void destroy() {
    sent.forEach(Broadcast::destroy);
  }
}
