/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.parameter.InitialValues;
import org.splitmask.train.parameter.ParameterSpec;

/** Layer normalisation of each token (Ba et al., 1607.06450), ε = 1e-6: [B, T, D] to [B, T, D]. */
public final class LayerNormLayer extends VisionLayer {
  private static final long serialVersionUID = 1L;

  /** ViT's value; PyTorch's default would be 1e-5. */
  public static final double EPSILON = 1e-6;

  private int width;

  /** For DL4J's deserialisation. */
  LayerNormLayer() {}

  public LayerNormLayer(int width) {
    this.width = width;
  }

  @Override
  protected List<Object> settings() {
    return List.of(width);
  }

  @Override
  protected List<ParameterSpec> parameters() {
    return List.of(
        ParameterSpec.exempt("weight", InitialValues.ONES, width),
        ParameterSpec.exempt("bias", InitialValues.ZEROS, width));
  }

  @Override
  protected VisionLayerImplementation<?> implementation(
      NeuralNetConfiguration conf, DataType type) {
    return new Implementation(conf, type);
  }

  private static final class Implementation extends VisionLayerImplementation<LayerNormLayer> {
    private static final long serialVersionUID = 1L;

    Implementation(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    protected INDArray forward(INDArray x) {
      INDArray rows = LinearLayer.matrix(x);
      INDArray y = buffer("output", x.shape());
      kernels()
          .layerNorm(
              rows,
              parameter("weight"),
              parameter("bias"),
              EPSILON,
              LinearLayer.matrix(y),
              buffer("mean", rows.size(0)),
              buffer("variance", rows.size(0)));
      return y;
    }

    @Override
    protected INDArray backward(INDArray epsilon) {
      INDArray rows = LinearLayer.matrix(epsilon);
      INDArray below = temporary("input-gradient", epsilon.shape());
      kernels()
          .layerNormBackward(
              LinearLayer.matrix(input),
              rows,
              parameter("weight"),
              buffer("mean", rows.size(0)),
              buffer("variance", rows.size(0)),
              EPSILON,
              null,
              LinearLayer.matrix(below),
              gradient("weight"),
              gradient("bias"));
      return below;
    }
  }
}
