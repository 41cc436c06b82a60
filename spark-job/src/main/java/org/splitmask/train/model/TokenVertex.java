/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.Kernels;
import org.splitmask.train.kernel.Scratch;

/**
 * A graph vertex without parameters that moves tokens. Two inputs, and the indices of what is seen.
 */
abstract class TokenVertex extends org.deeplearning4j.nn.conf.graph.GraphVertex {
  private static final long serialVersionUID = 1L;

  /** The forward pass; {@code visible} is null for a vertex that was given no indices. */
  abstract INDArray forward(
      INDArray first, INDArray second, @Nullable INDArray visible, Tools tools);

  /** The gradients of the first two inputs; indices have none. */
  abstract INDArray[] backward(
      INDArray first, INDArray second, @Nullable INDArray visible, INDArray epsilon, Tools tools);

  /** The buffers and kernels of one vertex in one graph. */
  record Tools(Scratch scratch, DataType type) {
    Kernels kernels() {
      return Kernels.of(type);
    }

    INDArray buffer(String name, long... shape) {
      return scratch.array(name, type, shape);
    }
  }

  @Override
  public int minVertexInputs() {
    return 3;
  }

  @Override
  public final int maxVertexInputs() {
    return 3;
  }

  @Override
  public final long numParams(boolean backwards) {
    return 0;
  }

  @Override
  @SuppressWarnings("EqualsGetClass") // Vertices without state are equal by their class alone.
  public final boolean equals(@Nullable Object other) {
    return other != null && other.getClass() == getClass();
  }

  @Override
  public final int hashCode() {
    return getClass().hashCode();
  }

  @Override
  public final org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      @Nullable INDArray parametersView,
      boolean initialise,
      DataType type) {
    return new Implementation(this, graph, name, index, type);
  }

  @Override
  public final InputType getOutputType(int index, InputType... inputs) {
    throw new UnsupportedOperationException("input types are not inferred for vision layers");
  }

  @Override
  public final MemoryReport getMemoryReport(InputType... inputs) {
    throw new UnsupportedOperationException("memory is planned by the command plan, not by DL4J");
  }

  @SuppressWarnings("overrides") // DL4J's own classes disagree on varargs.
  static final class Implementation extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

    private final TokenVertex vertex;
    private final transient Tools tools;

    Implementation(
        TokenVertex vertex, ComputationGraph graph, String name, int index, DataType type) {
      super(graph, name, index, null, null, type);
      this.vertex = vertex;
      this.tools = new Tools(new Scratch(), type);
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
      return vertex.forward(RowMajor.of(inputs[0]), RowMajor.of(inputs[1]), visible(), tools);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
      INDArray[] below =
          vertex.backward(inputs[0], inputs[1], visible(), RowMajor.of(epsilon), tools);
      return new Pair<>(null, Arrays.copyOf(below, inputs.length));
    }

    /** What its buffers hold. */
    long bufferBytes() {
      return tools.scratch.bytes();
    }

    private @Nullable INDArray visible() {
      return inputs.length > 2 ? inputs[2] : null;
    }

    @Override
    public boolean hasLayer() {
      return false;
    }

    @Override
    public @Nullable Layer getLayer() {
      return null;
    }

    @Override
    public void setBackpropGradientsViewArray(@Nullable INDArray view) {
      // No parameters.
    }

    @Override
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArrays(
        INDArray @Nullable [] masks, MaskState state, int size) {
      return null;
    }

    @Override
    public String toString() {
      return vertex.getClass().getSimpleName() + "(" + getVertexName() + ")";
    }
  }
}
