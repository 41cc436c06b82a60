/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.nd4j.shade.jackson.annotation.JsonAutoDetect;
import org.nd4j.shade.jackson.annotation.JsonAutoDetect.Visibility;
import org.splitmask.train.parameter.ParameterSpec;

/**
 * What the configurations of our layers share: parameters declared as specs, no regularisation, no
 * input types. SplitMask's own training (AdamW on the flat vector, {@code train.optimizer}) needs
 * no updater; who trains a graph of these layers with DL4J's {@code fit} gives each of them one by
 * {@link #withUpdater}.
 */
// DL4J writes a model's layers as JSON, from their fields.
@JsonAutoDetect(
    fieldVisibility = Visibility.ANY,
    getterVisibility = Visibility.NONE,
    isGetterVisibility = Visibility.NONE)
public abstract class VisionLayer extends Layer {
  private static final long serialVersionUID = 1L;

  private IUpdater updater = new NoOp();
  private int rateLevel;

  /** The updater of this layer's tensors in DL4J's own training. Returns this layer. */
  public final VisionLayer withUpdater(IUpdater wanted) {
    this.updater = wanted;
    return this;
  }

  /**
   * How many times the layer decay is a factor of the learning rate of this layer's tensors: the
   * blocks from here to the end of the encoder. Returns this layer.
   */
  public final VisionLayer withRateLevel(int level) {
    this.rateLevel = level;
    return this;
  }

  final int rateLevel() {
    return rateLevel;
  }

  /** What the constructor was given; layers of a class are equal if these are. */
  protected abstract List<Object> settings();

  /** The layer's tensors in the order of the flat vector. */
  protected abstract List<ParameterSpec> parameters();

  /** The computing side. */
  protected abstract VisionLayerImplementation<?> implementation(
      NeuralNetConfiguration conf, DataType type);

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
    return updater;
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
    throw new UnsupportedOperationException(
        "DL4J does not plan this network's memory; StepMemory says what a step holds");
  }

  @Override
  public final boolean equals(@Nullable Object other) {
    return other instanceof VisionLayer layer
        && layer.getClass() == getClass()
        && super.equals(layer)
        && layer.settings().equals(settings())
        && layer.rateLevel == rateLevel
        && layer.updater.equals(updater);
  }

  @Override
  public final int hashCode() {
    return Objects.hash(super.hashCode(), settings(), rateLevel, updater);
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + settings();
  }
}
