/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.parameter.InitialValues;
import org.splitmask.train.parameter.ParameterSpec;

/**
 * What stands where nothing is seen, before SplitMask's decoder or BEiT's encoder: one learned
 * vector plus the position embedding; [L, D] to [L, D].
 */
public final class MaskTokenLayer extends VisionLayer {
  private static final long serialVersionUID = 1L;

  private int width;

  /** For DL4J's deserialisation. */
  MaskTokenLayer() {}

  public MaskTokenLayer(int width) {
    this.width = width;
  }

  @Override
  protected List<Object> settings() {
    return List.of(width);
  }

  @Override
  protected List<ParameterSpec> parameters() {
    return List.of(ParameterSpec.exempt("mask", InitialValues.DRAWN, width));
  }

  @Override
  protected VisionLayerImplementation<?> implementation(
      NeuralNetConfiguration conf, DataType type) {
    return new Implementation(conf, type);
  }

  private static final class Implementation extends VisionLayerImplementation<MaskTokenLayer> {
    private static final long serialVersionUID = 1L;

    Implementation(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    protected INDArray forward(INDArray positions) {
      INDArray out = buffer("output", positions.shape());
      out.assign(positions);
      return out.addiRowVector(parameter("mask"));
    }

    @Override
    protected INDArray backward(INDArray epsilon) {
      try (INDArray sum = epsilon.sum(0)) {
        gradient("mask").assign(sum);
      }
      return epsilon;
    }
  }
}
