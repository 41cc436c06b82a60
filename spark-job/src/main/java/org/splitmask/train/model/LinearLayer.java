/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.parameter.InitialValues;
import org.splitmask.train.parameter.ParameterSpec;

/**
 * A linear map of the last axis with bias: [N, L, in] to [N, L, out]. As the first layer it embeds
 * patches, and passes no gradient to what is before it.
 */
public final class LinearLayer extends VisionLayer {
  private static final long serialVersionUID = 1L;

  private int inputs;
  private int outputs;

  /** For DL4J's deserialisation. */
  LinearLayer() {}

  public LinearLayer(int inputs, int outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  @Override
  protected List<Object> settings() {
    return List.of(inputs, outputs);
  }

  @Override
  protected List<ParameterSpec> parameters() {
    return List.of(
        ParameterSpec.weight("weight", outputs, inputs),
        ParameterSpec.exempt("bias", InitialValues.ZEROS, outputs));
  }

  @Override
  protected VisionLayerImplementation<?> implementation(
      NeuralNetConfiguration conf, DataType type) {
    return new Implementation(conf, type);
  }

  private static final class Implementation extends VisionLayerImplementation<LinearLayer> {
    private static final long serialVersionUID = 1L;

    Implementation(NeuralNetConfiguration conf, DataType type) {
      super(conf, type);
    }

    @Override
    protected INDArray forward(INDArray x) {
      INDArray y = buffer("output", x.size(0), x.size(1), layerConf().outputs);
      kernels().linear(matrix(x), parameter("weight"), parameter("bias"), null, matrix(y));
      return y;
    }

    @Override
    protected @Nullable INDArray backward(INDArray epsilon) {
      kernels()
          .linearBackward(
              matrix(input),
              null,
              parameter("weight"),
              matrix(epsilon),
              null,
              gradient("weight"),
              gradient("bias"));
      return null;
    }
  }

  /** [N, L, D] as [N·L, D], the same memory. */
  public static INDArray matrix(INDArray tokens) {
    long width = tokens.size(-1);
    return tokens.reshape('c', tokens.length() / width, width);
  }
}
