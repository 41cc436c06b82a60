/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

/**
 * What an engine used of a device that has a memory of its own.
 *
 * @param copiedBytes of mini-batches that went there so far
 * @param peakBytes the most of its memory that was taken since the engine was opened
 */
public record DeviceUse(long copiedBytes, long peakBytes) {
  /** Of an engine that computes in this machine's memory. */
  public static final DeviceUse NONE = new DeviceUse(0, 0);
}
