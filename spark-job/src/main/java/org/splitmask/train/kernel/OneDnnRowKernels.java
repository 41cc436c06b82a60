/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import static org.splitmask.train.kernel.OneDnnPrimitive.engine;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.OneDnnPrimitive.Layouts;
import org.splitmask.train.kernel.OneDnnPrimitive.Role;

/**
 * oneDNN's layer norm and GELU, which take a third of the time of loops that C2 compiles: sums over
 * rows in vector registers, and every array read once. Primitives are kept for the next part of the
 * same shape, as many of one as threads ever were at it.
 */
final class OneDnnRowKernels implements RowKernels {
  /** Shapes; a step has about ten, and the last mini-batches of an epoch as many again. */
  private static final int MOST_SHAPES = 256;

  // oneDNN's numbers: dnnl_forward_training, dnnl_backward, dnnl_use_scale | dnnl_use_shift,
  // dnnl_eltwise_gelu_erf.
  private static final int FORWARD = 64;
  private static final int BACKWARD = 128;
  private static final int SCALE_AND_SHIFT = 6;
  private static final int GELU = 49;

  private final Map<Shape, Queue<OneDnnPrimitive>> idle = new ConcurrentHashMap<>();

  @Override
  public void layerNorm(Normalisation norm, INDArray beta, INDArray y, int from, int to) {
    int width = norm.width();
    run(
        new Shape(Operation.LAYER_NORM, to - from, width, (float) norm.epsilon()),
        Blas.address(norm.x(), (long) from * width),
        Blas.address(norm.mean(), from),
        Blas.address(norm.variance(), from),
        Blas.address(norm.gamma(), 0),
        Blas.address(beta, 0),
        Blas.address(y, (long) from * width));
  }

  @Override
  public void layerNormBackward(
      Normalisation norm,
      INDArray dy,
      INDArray dx,
      float[] dGamma,
      float[] dBeta,
      int from,
      int to) {
    int width = norm.width();
    INDArray sums = Scratch.ofThread().array("norm gradients", DataType.FLOAT, 2, width);
    run(
        new Shape(Operation.LAYER_NORM_BACKWARD, to - from, width, (float) norm.epsilon()),
        Blas.address(norm.x(), (long) from * width),
        Blas.address(norm.mean(), from),
        Blas.address(norm.variance(), from),
        Blas.address(norm.gamma(), 0),
        Blas.address(dy, (long) from * width),
        Blas.address(dx, (long) from * width),
        Blas.address(sums, 0),
        Blas.address(sums, width));
    NativeMemory.copy(sums, 0, dGamma, 0, width);
    NativeMemory.copy(sums, width, dBeta, 0, width);
  }

  @Override
  public void gelu(INDArray hidden, INDArray y, int from, int to) {
    run(
        new Shape(Operation.GELU, 1, to - from, 0),
        Blas.address(hidden, from),
        Blas.address(y, from));
  }

  @Override
  public void geluBackward(INDArray hidden, INDArray gradient, int from, int to) {
    long at = Blas.address(gradient, from);
    run(new Shape(Operation.GELU_BACKWARD, 1, to - from, 0), Blas.address(hidden, from), at, at);
  }

  private void run(Shape shape, long... addresses) {
    OneDnnPrimitive primitive = queue(shape).poll();
    if (primitive == null) {
      primitive = shape.compile();
    }
    primitive.execute(addresses);
    queue(shape).add(primitive);
  }

  private Queue<OneDnnPrimitive> queue(Shape shape) {
    if (idle.size() > MOST_SHAPES) {
      for (Shape old : List.copyOf(idle.keySet())) {
        Queue<OneDnnPrimitive> queue = idle.remove(old);
        for (; queue != null && !queue.isEmpty(); ) {
          OneDnnPrimitive primitive = queue.poll();
          if (primitive != null) {
            primitive.destroy();
          }
        }
      }
    }
    return idle.computeIfAbsent(shape, ignored -> new ConcurrentLinkedQueue<>());
  }

  private enum Operation {
    LAYER_NORM,
    LAYER_NORM_BACKWARD,
    GELU,
    GELU_BACKWARD
  }

  /** What a primitive is compiled for. */
  private record Shape(Operation operation, int rows, int width, float epsilon) {
    OneDnnPrimitive compile() {
      try (Layouts layouts = new Layouts()) {
        long matrix = layouts.array(rows, width);
        long perRow = layouts.array(rows);
        long perColumn = layouts.array(width);
        return switch (operation) {
          case LAYER_NORM ->
              new OneDnnPrimitive(
                  layerNorm(layouts, matrix, perRow),
                  List.of(
                      Role.SOURCE.of(matrix),
                      Role.MEAN.of(perRow),
                      Role.VARIANCE.of(perRow),
                      Role.SCALE.of(perColumn),
                      Role.SHIFT.of(perColumn),
                      Role.DESTINATION.of(matrix)));
          case LAYER_NORM_BACKWARD ->
              new OneDnnPrimitive(
                  layerNormBackward(layouts, matrix, perRow),
                  List.of(
                      Role.SOURCE.of(matrix),
                      Role.MEAN.of(perRow),
                      Role.VARIANCE.of(perRow),
                      Role.SCALE.of(perColumn),
                      Role.DESTINATION_GRADIENT.of(matrix),
                      Role.SOURCE_GRADIENT.of(matrix),
                      Role.SCALE_GRADIENT.of(perColumn),
                      Role.SHIFT_GRADIENT.of(perColumn)));
          case GELU ->
              new OneDnnPrimitive(
                  gelu(layouts, matrix),
                  List.of(Role.SOURCE.of(matrix), Role.DESTINATION.of(matrix)));
          case GELU_BACKWARD ->
              new OneDnnPrimitive(
                  geluBackward(layouts, matrix),
                  List.of(
                      Role.SOURCE.of(matrix),
                      Role.DESTINATION_GRADIENT.of(matrix),
                      Role.SOURCE_GRADIENT.of(matrix)));
        };
      }
    }

    private long layerNorm(Layouts layouts, long matrix, long perRow) {
      return layouts.operation(
          to ->
              OneDnnLibrary.dnnl_layer_normalization_forward_primitive_desc_create(
                  to, engine(), FORWARD, matrix, matrix, perRow, epsilon, SCALE_AND_SHIFT, 0));
    }

    private long layerNormBackward(Layouts layouts, long matrix, long perRow) {
      long forward = layerNorm(layouts, matrix, perRow);
      return layouts.operation(
          to ->
              OneDnnLibrary.dnnl_layer_normalization_backward_primitive_desc_create(
                  to,
                  engine(),
                  BACKWARD,
                  matrix,
                  matrix,
                  matrix,
                  perRow,
                  epsilon,
                  SCALE_AND_SHIFT,
                  forward,
                  0));
    }

    private static long gelu(Layouts layouts, long matrix) {
      return layouts.operation(
          to ->
              OneDnnLibrary.dnnl_eltwise_forward_primitive_desc_create(
                  to, engine(), FORWARD, GELU, matrix, matrix, 0, 0, 0));
    }

    private static long geluBackward(Layouts layouts, long matrix) {
      long forward = gelu(layouts, matrix);
      return layouts.operation(
          to ->
              OneDnnLibrary.dnnl_eltwise_backward_primitive_desc_create(
                  to, engine(), GELU, matrix, matrix, matrix, 0, 0, forward, 0));
    }
  }
}
