/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.tensor.ParameterTensors;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer;
import org.splitmask.train.model.PositionTableLayer.Positions;

/** What is added to embedded patches, [L, D]: learned, or sines that stay on the device. */
public final class PositionTable implements AutoCloseable {
  private final @Nullable Tensor sines;

  public PositionTable(NetworkShape shape, ComputeDevice device) {
    this.sines = shape.positions() == Positions.LEARNED ? null : sines(shape, device);
  }

  private static Tensor sines(NetworkShape shape, ComputeDevice device) {
    double[][] table =
        PositionTableLayer.sincos(shape.gridSide(), shape.positionGrid(), shape.width());
    float[] values = new float[shape.patches() * shape.width()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) table[i / shape.width()][i % shape.width()];
    }
    try (PointerScope scope = new PointerScope()) {
      return Tensor.create(values, shape.patches(), shape.width())
          .to(device.device(), ScalarType.Float)
          .retainReference();
    }
  }

  /** The table of a network. */
  public Tensor of(ParameterTensors parameters) {
    return sines == null ? parameters.parameter("positions.table") : sines;
  }

  @Override
  public void close() {
    if (sines != null) {
      sines.close();
    }
  }
}
