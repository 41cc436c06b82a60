/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.util.List;
import java.util.Set;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.state.ModelState;
import org.splitmask.train.state.StateSegment;

/** Where the workers of a round run. */
public interface RoundRunner extends AutoCloseable {
  /**
   * Runs all workers of a round from one state, and waits for them.
   *
   * @param what the round, for whoever watches: {@code round 12 of 400}
   */
  FinishedRound run(ModelState start, RoundPlan plan, String what);

  /** Whether it can run another round after one has failed. */
  boolean canGoOn();

  /** Whether somebody has asked for an end: the round under way fails, and there is no other. */
  default boolean isStopped() {
    return false;
  }

  /** Gives up what is kept between rounds. */
  @Override
  void close();

  /** What the workers of a round came to. Close it when its mean has been read. */
  interface FinishedRound extends AutoCloseable {
    /** The seconds that it took to give the state to whoever brings it to the workers. */
    default double sendSeconds() {
      return 0;
    }

    /** The bytes that each executor was sent. */
    default long executorBytes() {
      return 0;
    }

    /** The bytes that each worker sent back. */
    default long workerBytes() {
      return 0;
    }

    /** What each worker tells that came to its end, in the order of their numbers. */
    List<WorkerReport> reports();

    /** The numbers of the workers that were not waited for; their images are for later. */
    default Set<Integer> stragglers() {
      return Set.of();
    }

    /**
     * A segment of these workers' mean, weighted by their images: θ̄ and both of Adam's moments.
     * Asked for from the first segment to the last.
     */
    StateSegment mean(int segment);

    @Override
    void close();
  }
}
