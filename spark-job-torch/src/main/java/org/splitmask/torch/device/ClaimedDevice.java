/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A device that this worker computes on, until this is closed.
 *
 * @param free of a card's memory when it was claimed, in bytes; unknown for processors
 * @param claim on a card; none on processors, which workers share
 */
public record ClaimedDevice(ComputeDevice device, OptionalLong free, @Nullable CardClaim claim)
    implements AutoCloseable {
  /** Processors. */
  public static ClaimedDevice processors() {
    return new ClaimedDevice(ComputeDevice.CPU, OptionalLong.empty(), null);
  }

  @Override
  public void close() {
    if (claim != null) {
      claim.close();
    }
  }
}
