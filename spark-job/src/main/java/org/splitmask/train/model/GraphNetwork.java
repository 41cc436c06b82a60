/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.splitmask.common.failure.Check;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.kernel.library.Scratch;
import org.splitmask.train.parameter.ParameterManifest;

/**
 * A DL4J graph of vision layers and all of its native memory: parameters, gradients and buffers,
 * which it closes. Its parameters are whatever was in that memory until somebody writes them. One
 * thread at a time.
 */
public abstract class GraphNetwork implements AutoCloseable {
  private static final int CHUNK = 1 << 16;

  private final ComputationGraph graph;
  private final ParameterManifest layout;
  private final INDArray parameters;
  private final List<TransformerBlock> blocks;
  private final Scratch scratch = new Scratch();
  private final Scratch temporaries = new Scratch();

  /** What a network is for. */
  public enum Use {
    /** With a gradient for every parameter. */
    TRAINING,
    /** Without gradients. */
    INFERENCE
  }

  protected GraphNetwork(ComputationGraphConfiguration configuration, DataType type, Use use) {
    this.graph = new ComputationGraph(configuration);
    this.layout = GraphParameters.layout(configuration);
    this.parameters = Nd4j.createUninitializedDetached(type, 1, layout.length());
    graph.init(parameters, /* cloneParametersArray= */ false); // checks the length
    if (use == Use.TRAINING) {
      graph.initGradientsView();
    }
    layers().forEach(layer -> layer.shareTemporaries(temporaries));
    this.blocks =
        layers()
            .filter(TransformerBlock.class::isInstance)
            .map(TransformerBlock.class::cast)
            .toList();
  }

  /** Writes the values that a network of this seed starts from. */
  public final void start(long seed) {
    INDArray vector = parameters();
    for (ParameterManifest.Entry entry : layout.entries()) {
      DoubleSupplier values = entry.spec().initial().values(entry.name(), seed);
      for (int from = 0; from < entry.length(); from += CHUNK) {
        double[] part = new double[Math.min(CHUNK, entry.length() - from)];
        for (int i = 0; i < part.length; i++) {
          part[i] = values.getAsDouble();
        }
        NativeMemory.copy(part, vector, entry.offset() + from);
      }
    }
  }

  /** The flat parameter vector, [count]; writing to it changes the network. */
  public final INDArray parameters() {
    return parameters.reshape(parameters.length());
  }

  /** The flat gradient vector of a network for training, [count], laid out as the parameters. */
  public final INDArray gradients() {
    INDArray view = Check.present(graph.getFlattenedGradients(), "a network without gradients");
    return view.reshape(view.length());
  }

  /** Where each tensor lies in the vectors. */
  public final ParameterManifest manifest() {
    return layout;
  }

  /** The DL4J graph itself. */
  public final ComputationGraph graph() {
    return graph;
  }

  /** What the sequences of the next training pass draw for drop path, [B]; null for none. */
  protected final void setSequenceSeeds(long @Nullable [] seeds) {
    blocks.forEach(block -> block.setSequenceSeeds(seeds));
  }

  /** Room for the inputs of a pass, which the next pass may use again. */
  protected final INDArray input(String name, DataType type, long... shape) {
    return scratch.array(name, type, shape);
  }

  /** A matrix of whole numbers as an input. */
  protected final INDArray integers(String name, int[][] matrix) {
    int width = matrix[0].length;
    INDArray array = input(name, DataType.INT32, matrix.length, width);
    for (int row = 0; row < matrix.length; row++) {
      NativeMemory.copy(matrix[row], array, row * width);
    }
    return array;
  }

  /** The bytes of all buffers that passes have needed so far, beside parameters and gradients. */
  public final long bufferBytes() {
    long bytes = scratch.bytes() + temporaries.bytes();
    bytes += layers().mapToLong(VisionLayerImplementation::bufferBytes).sum();
    return bytes + tokenVertices().mapToLong(TokenVertex.Implementation::bufferBytes).sum();
  }

  private Stream<VisionLayerImplementation<?>> layers() {
    return Stream.of(graph.getLayers()).map(GraphNetwork::vision);
  }

  private static VisionLayerImplementation<?> vision(Layer layer) {
    return (VisionLayerImplementation<?>) layer;
  }

  private Stream<TokenVertex.Implementation> tokenVertices() {
    return Stream.of(graph.getVertices())
        .filter(TokenVertex.Implementation.class::isInstance)
        .map(TokenVertex.Implementation.class::cast);
  }

  /** The activations of all layers but the last ones of a graph, by name. */
  protected final Map<String, INDArray> activations(
      INDArray[] inputs, List<String> without, boolean training) {
    int last = -1;
    for (int index : graph.topologicalSortOrder()) {
      last += without.contains(graph.getVertices()[index].getVertexName()) ? 0 : 1;
    }
    return graph.feedForward(inputs, last, training, true);
  }

  /** One of them. */
  protected static INDArray activation(String layer, Map<String, INDArray> activations) {
    return Check.present(activations.get(layer), "no %s activation", layer);
  }

  /** Frees all native memory; neither the network nor any array of it may be used any more. */
  @Override
  public void close() {
    layers().forEach(VisionLayerImplementation::closeBuffers);
    tokenVertices().forEach(TokenVertex.Implementation::closeBuffers);
    scratch.close();
    temporaries.close();
    INDArray gradients = graph.getFlattenedGradients();
    if (gradients != null) {
      gradients.close();
    }
    parameters.close();
  }
}
