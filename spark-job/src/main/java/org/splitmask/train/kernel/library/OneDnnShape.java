/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import static org.splitmask.train.kernel.library.OneDnnPrimitive.engine;

import java.util.ArrayList;
import java.util.List;
import org.splitmask.train.kernel.library.OneDnnPrimitive.Argument;
import org.splitmask.train.kernel.library.OneDnnPrimitive.Layouts;
import org.splitmask.train.kernel.library.OneDnnPrimitive.Role;

/**
 * What a primitive is compiled for.
 *
 * @param rows R
 * @param in columns of the source
 * @param out columns of the result
 * @param epsilon of a layer norm; 0 elsewhere
 * @param isBiased whether a linear map has a bias
 * @param isAdded whether something is added to a linear map's result
 */
record OneDnnShape(
    Operation operation,
    int rows,
    int in,
    int out,
    float epsilon,
    boolean isBiased,
    boolean isAdded) {
  // oneDNN's numbers: dnnl_forward_training, dnnl_backward, dnnl_use_scale | dnnl_use_shift,
  // dnnl_eltwise_gelu_erf.
  private static final int FORWARD = 64;
  private static final int BACKWARD = 128;
  private static final int SCALE_AND_SHIFT = 6;
  private static final int GELU_BY_ERF = 49;

  /** What is computed. The arguments are given in the order of {@link #compile}. */
  private enum Operation {
    LINEAR,
    LAYER_NORM,
    LAYER_NORM_BACKWARD,
    GELU,
    GELU_BACKWARD
  }

  /** y = x·Wᵀ, plus b, plus a residual: x, W, y, then b and the residual if there. */
  static OneDnnShape linear(int rows, int in, int out, boolean isBiased, boolean isAdded) {
    return new OneDnnShape(Operation.LINEAR, rows, in, out, 0, isBiased, isAdded);
  }

  /** x, mean, variance, γ, β, y. */
  static OneDnnShape layerNorm(int rows, int width, double epsilon) {
    return norm(Operation.LAYER_NORM, rows, width, epsilon);
  }

  /** x, mean, variance, γ, dy, dx, dγ, dβ. */
  static OneDnnShape layerNormBackward(int rows, int width, double epsilon) {
    return norm(Operation.LAYER_NORM_BACKWARD, rows, width, epsilon);
  }

  /** h, y. */
  static OneDnnShape gelu(int length) {
    return new OneDnnShape(Operation.GELU, 1, length, length, 0, false, false);
  }

  /** h, dy, dh. */
  static OneDnnShape geluBackward(int length) {
    return new OneDnnShape(Operation.GELU_BACKWARD, 1, length, length, 0, false, false);
  }

  private static OneDnnShape norm(Operation operation, int rows, int width, double epsilon) {
    return new OneDnnShape(operation, rows, width, width, (float) epsilon, false, false);
  }

  OneDnnPrimitive compile() {
    try (Layouts layouts = new Layouts()) {
      return switch (operation) {
        case LINEAR -> linear(layouts);
        case LAYER_NORM -> layerNorm(layouts);
        case LAYER_NORM_BACKWARD -> layerNormBackward(layouts);
        case GELU -> gelu(layouts);
        case GELU_BACKWARD -> geluBackward(layouts);
      };
    }
  }

  private OneDnnPrimitive linear(Layouts layouts) {
    long x = layouts.array(rows, in);
    long weight = layouts.transposed(out, in);
    long bias = isBiased ? layouts.array(1, out) : 0;
    long y = layouts.array(rows, out);
    long attributes = isAdded ? layouts.adding(y) : 0;
    long operation =
        layouts.operation(
            to ->
                OneDnnLibrary.dnnl_matmul_primitive_desc_create(
                    to, engine(), x, weight, bias, y, attributes));
    List<Argument> arguments =
        new ArrayList<>(
            List.of(Role.SOURCE.of(x), Role.WEIGHTS.of(weight), Role.DESTINATION.of(y)));
    if (isBiased) {
      arguments.add(Role.BIAS.of(bias));
    }
    if (isAdded) {
      arguments.add(Role.ADDED.of(y));
    }
    return new OneDnnPrimitive(operation, arguments);
  }

  private OneDnnPrimitive layerNorm(Layouts layouts) {
    long matrix = layouts.array(rows, in);
    long perRow = layouts.array(rows);
    long perColumn = layouts.array(in);
    return new OneDnnPrimitive(
        normForward(layouts, matrix, perRow),
        List.of(
            Role.SOURCE.of(matrix),
            Role.MEAN.of(perRow),
            Role.VARIANCE.of(perRow),
            Role.SCALE.of(perColumn),
            Role.SHIFT.of(perColumn),
            Role.DESTINATION.of(matrix)));
  }

  private OneDnnPrimitive layerNormBackward(Layouts layouts) {
    long matrix = layouts.array(rows, in);
    long perRow = layouts.array(rows);
    long perColumn = layouts.array(in);
    long forward = normForward(layouts, matrix, perRow);
    long operation =
        layouts.operation(
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
    return new OneDnnPrimitive(
        operation,
        List.of(
            Role.SOURCE.of(matrix),
            Role.MEAN.of(perRow),
            Role.VARIANCE.of(perRow),
            Role.SCALE.of(perColumn),
            Role.DESTINATION_GRADIENT.of(matrix),
            Role.SOURCE_GRADIENT.of(matrix),
            Role.SCALE_GRADIENT.of(perColumn),
            Role.SHIFT_GRADIENT.of(perColumn)));
  }

  private long normForward(Layouts layouts, long matrix, long perRow) {
    return layouts.operation(
        to ->
            OneDnnLibrary.dnnl_layer_normalization_forward_primitive_desc_create(
                to, engine(), FORWARD, matrix, matrix, perRow, epsilon, SCALE_AND_SHIFT, 0));
  }

  private OneDnnPrimitive gelu(Layouts layouts) {
    long array = layouts.array(in);
    return new OneDnnPrimitive(
        geluForward(layouts, array), List.of(Role.SOURCE.of(array), Role.DESTINATION.of(array)));
  }

  private OneDnnPrimitive geluBackward(Layouts layouts) {
    long array = layouts.array(in);
    long forward = geluForward(layouts, array);
    long operation =
        layouts.operation(
            to ->
                OneDnnLibrary.dnnl_eltwise_backward_primitive_desc_create(
                    to, engine(), GELU_BY_ERF, array, array, array, 0, 0, forward, 0));
    return new OneDnnPrimitive(
        operation,
        List.of(
            Role.SOURCE.of(array),
            Role.DESTINATION_GRADIENT.of(array),
            Role.SOURCE_GRADIENT.of(array)));
  }

  private static long geluForward(Layouts layouts, long array) {
    return layouts.operation(
        to ->
            OneDnnLibrary.dnnl_eltwise_forward_primitive_desc_create(
                to, engine(), FORWARD, GELU_BY_ERF, array, array, 0, 0, 0));
  }
}
