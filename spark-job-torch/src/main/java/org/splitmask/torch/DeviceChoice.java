/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineSettings;

/**
 * Which device a worker computes on.
 *
 * @param cards what this process has of them
 */
record DeviceChoice(Cards cards) {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceChoice.class);

  /**
   * The device of this worker.
   *
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user where there is no card
   *     and the settings want one
   */
  ComputeDevice of(EngineSettings settings) {
    if (settings.device() == DeviceKind.CPU) {
      return ComputeDevice.CPU;
    }
    Optional<String> missing = cards.missing();
    if (missing.isEmpty()) {
      return new ComputeDevice(DeviceType.CUDA, cards.ordinal());
    }
    if (settings.isCpuAllowed()) {
      LOG.warn("device=cuda, but {}: this worker computes on processors", missing.get());
      return ComputeDevice.CPU;
    }
    throw Check.failure(
        Blame.USER,
        "device=cuda, but %s; or compute on processors: device=cpu, or on-missing-gpu=cpu",
        missing.get());
  }
}
