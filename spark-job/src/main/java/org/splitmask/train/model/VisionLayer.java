/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * What the configurations of our layers share: parameters declared as specs, no regularisation and
 * no updater (AdamW acts on the flat vector, {@code train.local}), no input types.
 */
public abstract class VisionLayer extends Layer {
  private static final long serialVersionUID = 1L;

  /** The layer's tensors in the order of the flat vector. */
  abstract List<ParameterSpec> parameters();

  /** The computing side. */
  abstract VisionLayerImplementation<?> implementation(NeuralNetConfiguration conf, DataType type);

  /** The start of {@link ParameterSpec.Initial#LAYER_SCALE} tensors. */
  double initialScale() {
    return 1;
  }

  @Override
  public final org.deeplearning4j.nn.api.Layer instantiate(
      NeuralNetConfiguration conf,
      @Nullable Collection<TrainingListener> listeners,
      int index,
      @Nullable INDArray parametersView,
      boolean initialise,
      DataType type) {
    VisionLayerImplementation<?> layer = implementation(conf, type);
    layer.setIndex(index);
    if (listeners != null) {
      layer.setListeners(listeners);
    }
    if (parametersView != null && !parameters().isEmpty()) {
      layer.setParamsViewArray(parametersView);
      Map<String, INDArray> table = initializer().init(conf, parametersView, initialise);
      layer.setParamTable(table);
    }
    return layer;
  }

  @Override
  public final ParamInitializer initializer() {
    return ParameterInitialiser.INSTANCE;
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    throw new UnsupportedOperationException(
        "input types are not inferred for vision layers; give the sizes to their constructors");
  }

  @Override
  public void setNIn(InputType input, boolean override) {
    // The sizes are the constructor's.
  }

  @Override
  public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return List.of();
  }

  @Override
  public boolean isPretrainParam(String name) {
    return false;
  }

  @Override
  public IUpdater getUpdaterByParam(String name) {
    return new NoOp();
  }

  @Override
  public GradientNormalization getGradientNormalization() {
    return GradientNormalization.None;
  }

  @Override
  public double getGradientNormalizationThreshold() {
    return 0;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    throw new UnsupportedOperationException("memory is planned by the command plan, not by DL4J");
  }
}
