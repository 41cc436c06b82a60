/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.splitmask.common.failure.Check;
import org.splitmask.train.parameter.ParameterSpec;

/** Lays a layer's parameters out in the flat vector, in the order of its specs, and starts them. */
final class ParameterInitialiser implements ParamInitializer {
  static final ParameterInitialiser INSTANCE = new ParameterInitialiser();

  private ParameterInitialiser() {}

  @Override
  public Map<String, INDArray> init(
      NeuralNetConfiguration conf, INDArray view, boolean initialise) {
    VisionLayer layer = (VisionLayer) conf.getLayer();
    Map<String, INDArray> parameters = views(layer.parameters(), view);
    if (initialise) {
      for (ParameterSpec spec : layer.parameters()) {
        INDArray tensor = Check.present(parameters.get(spec.name()), "no view of %s", spec.name());
        fill(spec, layer, conf.getSeed(), tensor);
      }
    }
    return parameters;
  }

  @Override
  public Map<String, INDArray> getGradientsFromFlattened(
      NeuralNetConfiguration conf, INDArray view) {
    return views(((VisionLayer) conf.getLayer()).parameters(), view);
  }

  /** The tensors of a flat vector, sharing its memory. */
  static Map<String, INDArray> views(List<ParameterSpec> specs, INDArray flat) {
    INDArray vector = flat.reshape(flat.length());
    Map<String, INDArray> views = new LinkedHashMap<>();
    long offset = 0;
    for (ParameterSpec spec : specs) {
      INDArray part = vector.get(NDArrayIndex.interval(offset, offset + spec.length()));
      views.put(spec.name(), part.reshape('c', spec.shape()));
      offset += spec.length();
    }
    return views;
  }

  private static void fill(ParameterSpec spec, VisionLayer layer, long seed, INDArray tensor) {
    DoubleSupplier values = spec.initial().values(layer.getLayerName() + "." + spec.name(), seed);
    INDArray flat = tensor.reshape(tensor.length());
    for (long i = 0; i < flat.length(); i++) {
      flat.putScalar(i, values.getAsDouble());
    }
  }

  @Override
  public long numParams(NeuralNetConfiguration conf) {
    return numParams(conf.getLayer());
  }

  @Override
  public long numParams(Layer layer) {
    return ((VisionLayer) layer).parameters().stream().mapToLong(ParameterSpec::length).sum();
  }

  @Override
  public List<String> paramKeys(Layer layer) {
    return ((VisionLayer) layer).parameters().stream().map(ParameterSpec::name).toList();
  }

  @Override
  public List<String> weightKeys(Layer layer) {
    return keys(layer, ParameterSpec.Decay.DECAYED);
  }

  @Override
  public List<String> biasKeys(Layer layer) {
    return keys(layer, ParameterSpec.Decay.EXEMPT);
  }

  @Override
  public boolean isWeightParam(Layer layer, String key) {
    return weightKeys(layer).contains(key);
  }

  @Override
  public boolean isBiasParam(Layer layer, String key) {
    return biasKeys(layer).contains(key);
  }

  private static List<String> keys(Layer layer, ParameterSpec.Decay decay) {
    List<String> keys = new ArrayList<>();
    for (ParameterSpec spec : ((VisionLayer) layer).parameters()) {
      if (spec.decay() == decay) {
        keys.add(spec.name());
      }
    }
    return keys;
  }
}
