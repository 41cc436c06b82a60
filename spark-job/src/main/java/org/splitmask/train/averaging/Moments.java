/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging;

/**
 * What becomes of Adam's moments between rounds. That every worker keeps its own is not among them:
 * a worker that is lost would take them with it (docs/adr/0018).
 */
public enum Moments {
  /** They are averaged as the parameters are, and travel with them. */
  AVERAGE(3),
  /** Every round begins with none, and only parameters travel: a third of the bytes. */
  RESET(1);

  private final int vectors;

  Moments(int vectors) {
    this.vectors = vectors;
  }

  /** What travels of a state to each executor, and back from each worker. */
  public long travellingBytes(int parameters) {
    return (long) vectors * Float.BYTES * parameters;
  }
}
