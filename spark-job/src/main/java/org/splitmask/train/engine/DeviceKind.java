/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

/** Where an engine computes. */
public enum DeviceKind {
  /** The processors of the executor. */
  CPU,
  /** An NVIDIA card, one for each worker. */
  CUDA
}
