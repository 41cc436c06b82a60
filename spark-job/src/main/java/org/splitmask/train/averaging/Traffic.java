/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

import java.io.Serializable;

/**
 * What travels in a round. The state goes to the executors as it is, so that all workers begin with
 * the same bits.
 *
 * @param moments whether Adam's travel
 * @param deltas how exactly the workers' results do
 */
public record Traffic(Moments moments, DeltaPrecision deltas) implements Serializable {
  /** Everything, as it is. */
  public static final Traffic WHOLE = new Traffic(Moments.AVERAGE, DeltaPrecision.FLOAT32);

  /** What each executor is sent, before Spark compresses it. */
  public long executorBytes(int parameters) {
    return moments.travellingBytes(parameters);
  }

  /** What each worker sends back, before Spark compresses it. */
  public long workerBytes(int parameters) {
    return deltas.isExact()
        ? moments.travellingBytes(parameters)
        : QuantisedSegment.bytes(parameters, deltas, moments == Moments.AVERAGE);
  }
}
