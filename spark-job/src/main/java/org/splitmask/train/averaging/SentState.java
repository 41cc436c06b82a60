/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;

/**
 * A state on its way to the executors, a broadcast for each segment: the driver serialises no more
 * than one at a time, and Spark may put the others on disk.
 */
record SentState(Segments segments, List<Broadcast<StateSegment>> sent, long updates)
    implements ModelState, Serializable {
  SentState {
    sent = List.copyOf(sent);
  }

  static SentState send(JavaSparkContext spark, ModelState state) {
    List<Broadcast<StateSegment>> sent = new ArrayList<>();
    boolean done = false;
    try {
      for (int s = 0; s < state.segments().count(); s++) {
        sent.add(spark.broadcast(state.segment(s)));
      }
      done = true;
      return new SentState(state.segments(), sent, state.updates());
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

  /** Frees it on the driver and on all executors. */
  void destroy() {
    sent.forEach(Broadcast::destroy);
  }
}
