/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics.mlflow;

import java.util.List;

/** A run on a tracking server. Its methods may block, and throw whatever the client throws. */
interface TrackedRun extends AutoCloseable {
  /**
   * A figure.
   *
   * @param step the updates since the run began
   * @param millis since 1970
   */
  record Figure(String name, double value, long step, long millis) {}

  void log(List<Figure> figures);

  /**
   * Says that nothing more comes.
   *
   * @param isDone whether the run was trained to its end; else it may go on later
   */
  void end(boolean isDone);

  @Override
  void close();
}
