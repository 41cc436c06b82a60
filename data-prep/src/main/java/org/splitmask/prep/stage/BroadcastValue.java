/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import org.apache.spark.broadcast.Broadcast;
import org.splitmask.prep.stage.labels.Shared;

/** What Spark sends to each machine. */
record BroadcastValue<T>(Broadcast<T> broadcast) implements Shared<T> {
  @Override
  public T value() {
    return broadcast.value();
  }
}
