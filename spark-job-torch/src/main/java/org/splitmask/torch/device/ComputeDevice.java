/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

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
public record ComputeDevice(DeviceType type, int ordinal, boolean answersLate) {
  /** This machine's processors. */
  public static final ComputeDevice CPU = new ComputeDevice(DeviceType.CPU, 0, false);

  /** A card of this process. */
  public static ComputeDevice card(int ordinal) {
    return new ComputeDevice(DeviceType.CUDA, ordinal, true);
  }

  public boolean isCpu() {
    return type == DeviceType.CPU;
  }

  /** For messages. */
  public String words() {
    return isCpu() ? "this machine" : "GPU " + ordinal;
  }

  /** As libtorch names it. */
  public Device device() {
    return isCpu() ? new Device(type) : new Device(type, (byte) ordinal);
  }

  /** Makes it the calling thread's own: else each thread would open a context on the first card. */
  public void enter() {
    if (!isCpu()) {
      torch.setDeviceIndex((byte) ordinal);
    }
  }

  /** What is free of a card's memory, in bytes; libtorch's own store of freed memory is not. */
  public long freeBytes() {
    try (PointerScope scope = new PointerScope()) {
      return torch.getMemoryInfo((byte) ordinal).first();
    }
  }

  /** Gives a card the memory back that libtorch keeps for tensors to come. */
  public void emptyCache() {
    if (!isCpu()) {
      torch.emptyCache();
    }
  }

  public TensorOptions options(ScalarType scalars) {
    return new TensorOptions(scalars).device(new DeviceOptional(device()));
  }
}
