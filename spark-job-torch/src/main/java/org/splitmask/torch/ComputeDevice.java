/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Where an engine computes.
 *
 * @param type processors or CUDA
 * @param ordinal of the card, among those that the process sees; 0 for processors
 * @param answersLate whether reading a value waits for all that was asked for before
 */
record ComputeDevice(DeviceType type, int ordinal, boolean answersLate) {
  /** This machine's processors. */
  static final ComputeDevice CPU = new ComputeDevice(DeviceType.CPU, 0, false);

  /** A card of this process. */
  static ComputeDevice card(int ordinal) {
    return new ComputeDevice(DeviceType.CUDA, ordinal, true);
  }

  boolean isCpu() {
    return type == DeviceType.CPU;
  }

  /** For messages. */
  String words() {
    return isCpu() ? "this machine" : "GPU " + ordinal;
  }

  /** As libtorch names it. */
  Device device() {
    return isCpu() ? new Device(type) : new Device(type, (byte) ordinal);
  }

  /** The most of a card's memory that tensors took at once, in bytes; 0 for processors. */
  long peakBytes() {
    if (isCpu()) {
      return 0;
    }
    try (PointerScope scope = new PointerScope()) {
      return torch.getDeviceStats((byte) ordinal).allocated_bytes().peak();
    }
  }

  TensorOptions options(ScalarType scalars) {
    return new TensorOptions(scalars).device(new DeviceOptional(device()));
  }
}
