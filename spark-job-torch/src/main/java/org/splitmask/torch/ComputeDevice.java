/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Where an engine computes.
 *
 * @param type processors or CUDA
 * @param ordinal of the card, among those that the process sees; 0 for processors
 */
record ComputeDevice(DeviceType type, int ordinal) {
  /** This machine's processors. */
  static final ComputeDevice CPU = new ComputeDevice(DeviceType.CPU, 0);

  boolean isCpu() {
    return type == DeviceType.CPU;
  }

  private Device device() {
    return isCpu() ? new Device(type) : new Device(type, (byte) ordinal);
  }

  TensorOptions options(ScalarType scalars) {
    return new TensorOptions(scalars).device(new org.bytedeco.pytorch.DeviceOptional(device()));
  }

  /** Values of this machine's memory on the device. */
  Tensor from(float[] values, long... shape) {
    return moved(Tensor.create(values, shape), ScalarType.Float);
  }

  /** Indices on the device, [count]. */
  Tensor from(long[] indices) {
    return moved(Tensor.create(indices, indices.length), ScalarType.Long);
  }

  private Tensor moved(Tensor tensor, ScalarType scalars) {
    return isCpu() ? tensor : tensor.to(device(), scalars);
  }
}
