/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.common.failure.Check;
import org.splitmask.train.kernel.Kernels;
import org.splitmask.train.kernel.library.Scratch;
import org.splitmask.train.parameter.ParameterSpec;

/**
 * The computing side of a {@link VisionLayer}: tensors as views of the flat parameter and gradient
 * vectors, results in buffers that live as long as the layer (DL4J's workspaces are off).
 */
public abstract class VisionLayerImplementation<C extends VisionLayer> extends AbstractLayer<C> {
  private static final long serialVersionUID = 1L;

  private transient @Nullable INDArray parametersView;
  private transient @Nullable INDArray gradientsView;
  private transient Map<String, INDArray> parameters = new LinkedHashMap<>();
  private transient Map<String, INDArray> gradients = new LinkedHashMap<>();
  private transient @Nullable Scratch scratch;
  private transient @Nullable Scratch temporaries;
  private transient boolean training;

  protected VisionLayerImplementation(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  /** The forward pass of {@code input}. */
  protected abstract INDArray forward(INDArray input);

  /**
   * The backward pass of the last forward pass: writes {@link #gradient(String)} tensors.
   *
   * @param epsilon the gradient of the output
   * @return the gradient of the input, or null where nothing before needs it
   */
  protected abstract @Nullable INDArray backward(INDArray epsilon);

  @Override
  public final INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    assertInputSet(false);
    this.training = training;
    this.input = RowMajor.of(input);
    return forward(input);
  }

  @Override
  public final Pair<Gradient, INDArray> backpropGradient(
      @Nullable INDArray epsilon, LayerWorkspaceMgr workspaces) {
    // Nothing comes from above an output layer, which looks at its labels instead.
    INDArray above = this instanceof IOutputLayer ? input : epsilon;
    INDArray below =
        backward(RowMajor.of(Check.present(above, "%s has no gradient from above", layerId())));
    Gradient gradient = new DefaultGradient(gradientsView);
    gradients.forEach((name, tensor) -> gradient.setGradientFor(name, tensor, 'c'));
    return new Pair<>(gradient, below);
  }

  /** Whether the pass is one of training, in which things may be left out at random. */
  protected final boolean isTraining() {
    return training;
  }

  protected final INDArray parameter(String name) {
    return Check.present(parameters.get(name), "%s has no parameter %s", layerId(), name);
  }

  protected final INDArray gradient(String name) {
    return Check.present(gradients.get(name), "%s has no gradient %s", layerId(), name);
  }

  protected final Kernels kernels() {
    return Kernels.of(dataType);
  }

  /** A buffer that keeps its content until the layer's next step. */
  protected final INDArray buffer(String name, long... shape) {
    if (scratch == null) {
      scratch = new Scratch();
    }
    return scratch.array(name, dataType, shape);
  }

  /** What its own buffers hold. */
  final long bufferBytes() {
    return scratch == null ? 0 : scratch.bytes();
  }

  /** A buffer that any later layer may overwrite. */
  protected final INDArray temporary(String name, long... shape) {
    if (temporaries == null) {
      temporaries = new Scratch();
    }
    return temporaries.array(name, dataType, shape);
  }

  /** Closes its buffers; they are made again when the layer is used. */
  final void closeBuffers() {
    if (scratch != null) {
      scratch.close();
    }
    forgetBuffers();
  }

  /** Drops what refers to buffers that were closed. */
  protected void forgetBuffers() {}

  /** Where {@link #temporary} buffers are: the layers of a network, one after the other, share. */
  final void shareTemporaries(Scratch shared) {
    this.temporaries = shared;
  }

  @Override
  public final void setParamsViewArray(INDArray view) {
    this.parametersView = view;
  }

  @Override
  public final void setBackpropGradientsViewArray(INDArray view) {
    this.gradientsView = view;
    this.gradients = ParameterInitialiser.views(layerConf().parameters(), view);
  }

  @Override
  public final void setParamTable(Map<String, INDArray> table) {
    this.parameters = table;
  }

  @Override
  public final Map<String, INDArray> paramTable() {
    return parameters;
  }

  @Override
  public final Map<String, INDArray> paramTable(boolean backpropOnly) {
    return parameters;
  }

  @Override
  public final INDArray getParam(String name) {
    return parameter(name);
  }

  @Override
  public final void setParam(String name, INDArray value) {
    parameter(name).assign(value);
  }

  @Override
  public final @Nullable INDArray params() {
    return parametersView;
  }

  @Override
  public final void setParams(INDArray values) {
    if (parametersView != null) {
      parametersView.assign(values.reshape(parametersView.shape()));
    }
  }

  @Override
  public final @Nullable INDArray getGradientsViewArray() {
    return gradientsView;
  }

  @Override
  public final long numParams() {
    return layerConf().parameters().stream().mapToLong(ParameterSpec::length).sum();
  }

  @Override
  public final long numParams(boolean backwards) {
    return numParams();
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {
    // There is no weight noise.
  }

  @Override
  public boolean updaterDivideByMinibatch(String name) {
    return true; // gradients are of whatever sum the output layer takes
  }

  @Override
  public @Nullable Pair<INDArray, MaskState> feedForwardMaskArray(
      @Nullable INDArray mask, MaskState state, int size) {
    return null;
  }
}
