/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.splitmask.train.averaging.Moments;
import org.splitmask.train.averaging.QuantisedSegment;
import org.splitmask.train.averaging.Traffic;
import org.splitmask.train.random.Seeds;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;

/**
 * A state on its way to the executors, a broadcast for each segment: the driver serialises no more
 * than one at a time, and Spark may put the others on disk. Knows how results travel back, too.
 *
 * @param updates as workers count them
 * @param seed of what is drawn in this round
 */
record SentState(
    Segments segments, List<Broadcast<StateSegment>> sent, long updates, Traffic traffic, long seed)
    implements ModelState, Serializable {
  SentState {
    sent = List.copyOf(sent);
  }

  /**
   * Sends a state.
   *
   * @param traffic moments that are reset stay here, and workers begin to count their updates anew,
   *     as the correction of Adam's bias asks
   */
  static SentState send(JavaSparkContext spark, ModelState state, Traffic traffic, long seed) {
    boolean all = traffic.moments() == Moments.AVERAGE;
    List<Broadcast<StateSegment>> sent = new ArrayList<>();
    boolean done = false;
    try {
      for (int s = 0; s < state.segments().count(); s++) {
        StateSegment segment = state.segment(s);
        sent.add(spark.broadcast(all ? segment : segment.withoutMoments()));
      }
      done = true;
      return new SentState(state.segments(), sent, all ? state.updates() : 0, traffic, seed);
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
  Serializable pack(RoundPart part, StateSegment result) {
    StateSegment wanted = traffic.moments() == Moments.AVERAGE ? result : result.withoutMoments();
    if (traffic.deltas().isExact()) {
      return wanted;
    }
    long drawn = Seeds.of(seed, part.worker(), part.segment());
    return QuantisedSegment.of(parameters(part.segment()), wanted, traffic.deltas(), drawn);
  }

  /** What {@link #pack} made of a segment, or as much as came through. */
  StateSegment unpack(RoundPart part, Serializable packed) {
    return packed instanceof QuantisedSegment quantised
        ? quantised.from(parameters(part.segment()))
        : (StateSegment) packed;
  }

  /** What travels to each executor. */
  long executorBytes() {
    return traffic.executorBytes(segments.length());
  }

  /** What travels back from each worker. */
  long workerBytes() {
    return traffic.workerBytes(segments.length());
  }

  /** Frees it on the driver and on all executors. */
  void destroy() {
    sent.forEach(Broadcast::destroy);
  }
}
