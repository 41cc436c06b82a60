/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.UncheckedIOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.lease.Lease;
import org.splitmask.common.lease.LeaseTerms;
import org.splitmask.common.lease.Repeater;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.TrainingState;

/**
 * Keeps a second driver away from a run: a second attempt of YARN's beside a driver that is cut
 * off, or a person who starts the same command twice. The two would mix their metrics and
 * checkpoints.
 */
public final class RunLease implements RoundListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);
  private static final Duration BEAT = Duration.ofSeconds(10);

  /** So long a driver that died on another machine may keep the next one waiting. */
  private static final Duration SILENCE_OF_THE_DEAD = Duration.ofMinutes(1);

  private final Lease lease;

  private RunLease(Lease lease) {
    this.lease = lease;
  }

  /**
   * Takes the lease of a run, and waits up to a minute for the end of a driver that may be dead.
   *
   * @param application who takes it, for the messages of others
   * @throws org.splitmask.common.failure.SplitMaskException blaming the cluster where another
   *     driver trains this run
   */
  public static RunLease take(RunFiles run, String application, Repeater repeater) {
    LeaseTerms terms =
        new LeaseTerms(
            "_driver",
            "the run " + run.root(),
            "is being trained by application",
            BEAT,
            SILENCE_OF_THE_DEAD,
            SILENCE_OF_THE_DEAD.plus(BEAT));
    return new RunLease(
        Lease.take(
            run.fileSystem(),
            run.fileSystem().makeQualified(run.root()),
            application,
            terms,
            repeater));
  }

  /** Fails if another driver has taken this one for dead. So it comes before those who write. */
  @Override
  public void onRound(RoundResult result) {
    try {
      lease.check();
    } catch (UncheckedIOException e) {
      // A storage that does not answer is no other driver; whoever writes will see to it.
      LOG.warn(
          "cannot look at the lease after round {}: {}", result.state().round(), e.getMessage());
    }
  }

  @Override
  public void onEnd(TrainingState state) {
    lease.check();
  }

  @Override
  public void close() {
    lease.close();
  }
}
