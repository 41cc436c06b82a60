/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.parameter.ParameterManifest;

/** The encoder alone, as it is used: no gradients, nothing masked. One thread at a time. */
public final class VisionEncoder extends GraphNetwork {
  private final NetworkShape shape;

  /**
   * An encoder with these parameters.
   *
   * @param parameters in the layout of {@link #layout}
   */
  public VisionEncoder(NetworkShape shape, float[] parameters) {
    super(EncoderGraph.encoder(shape, DataType.FLOAT), DataType.FLOAT, Use.INFERENCE);
    this.shape = shape;
    NativeMemory.copy(parameters, parameters());
  }

  /** The layout of an encoder's parameters; builds no network. */
  public static ParameterManifest layout(NetworkShape shape) {
    return GraphParameters.layout(EncoderGraph.encoder(shape, DataType.FLOAT));
  }

  /**
   * The encoder's output after its layer norm.
   *
   * @param patches N pictures, [N, L, P·P·C] row-major, normalised
   * @return [N, L, D], a buffer that the next call overwrites
   */
  public INDArray encode(float[] patches) {
    int images = patches.length / (shape.patches() * shape.patchValues());
    INDArray input = input("patches", DataType.FLOAT, images, shape.patches(), shape.patchValues());
    NativeMemory.copy(patches, input);
    return activation(
        EncoderGraph.ENCODED,
        activations(new INDArray[] {input}, List.of(), /* training= */ false));
  }
}
