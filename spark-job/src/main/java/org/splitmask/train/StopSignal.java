/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.util.SignalUtils;

/**
 * What a driver does on SIGTERM, by which YARN, Kubernetes, Airflow and {@code kill} ask for an
 * end: it ends in good order, once. A second signal ends the process as it always did.
 */
final class StopSignal implements AutoCloseable {
  private final Runnable stop;

  /** Whether the signal would do nothing more. */
  private final AtomicBoolean used = new AtomicBoolean();

  private StopSignal(Runnable stop) {
    this.stop = stop;
  }

  /**
   * Waits for the signal until it is closed.
   *
   * @param stop called on another thread; has to return soon
   */
  static StopSignal onTerm(Runnable stop) {
    StopSignal signal = new StopSignal(stop);
    // Spark's own way, beside which its other handlers stay. What is true is dealt with.
    SignalUtils.register("TERM", signal::receive);
    return signal;
  }

  private boolean receive() {
    if (used.getAndSet(true)) {
      return false;
    }
    stop.run();
    return true;
  }

  @Override
  public void close() {
    used.set(true);
  }
}
