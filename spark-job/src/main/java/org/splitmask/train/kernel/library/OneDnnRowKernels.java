/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel.library;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * oneDNN's: linear maps that add the bias before a result leaves the registers, and layer norm and
 * GELU that read every array once. Primitives are kept for the next rows of the same shape, as many
 * of one as threads ever were at it.
 */
final class OneDnnRowKernels implements RowKernels {
  /** Shapes; a step has about thirty, and the last mini-batches of an epoch as many again. */
  private static final int MOST_SHAPES = 512;

  private final Map<OneDnnShape, Queue<OneDnnPrimitive>> idle = new ConcurrentHashMap<>();

  @Override
  public void linear(
      INDArray x,
      INDArray weight,
      @Nullable INDArray bias,
      @Nullable INDArray residual,
      INDArray y,
      int from,
      int to) {
    int in = (int) weight.size(1);
    int out = (int) weight.size(0);
    LongStream.Builder addresses = LongStream.builder();
    addresses.add(Blas.address(x, Blas.element(from, in)));
    addresses.add(Blas.address(weight, 0));
    addresses.add(Blas.address(y, Blas.element(from, out)));
    if (bias != null) {
      addresses.add(Blas.address(bias, 0));
    }
    if (residual != null) {
      addresses.add(Blas.address(residual, Blas.element(from, out)));
    }
    run(
        OneDnnShape.linear(to - from, in, out, bias != null, residual != null),
        addresses.build().toArray());
  }

  @Override
  public void layerNorm(Normalisation norm, INDArray beta, INDArray y, int from, int to) {
    int width = norm.width();
    run(
        OneDnnShape.layerNorm(to - from, width, norm.epsilon()),
        Blas.address(norm.x(), Blas.element(from, width)),
        Blas.address(norm.mean(), from),
        Blas.address(norm.variance(), from),
        Blas.address(norm.gamma(), 0),
        Blas.address(beta, 0),
        Blas.address(y, Blas.element(from, width)));
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
        OneDnnShape.layerNormBackward(to - from, width, norm.epsilon()),
        Blas.address(norm.x(), Blas.element(from, width)),
        Blas.address(norm.mean(), from),
        Blas.address(norm.variance(), from),
        Blas.address(norm.gamma(), 0),
        Blas.address(dy, Blas.element(from, width)),
        Blas.address(dx, Blas.element(from, width)),
        Blas.address(sums, 0),
        Blas.address(sums, width));
    NativeMemory.copy(sums, 0, dGamma, 0, width);
    NativeMemory.copy(sums, width, dBeta, 0, width);
  }

  @Override
  public void gelu(INDArray hidden, INDArray y, long from, long to) {
    run(
        OneDnnShape.gelu(Math.toIntExact(to - from)),
        Blas.address(hidden, from),
        Blas.address(y, from));
  }

  @Override
  public void geluBackward(INDArray hidden, INDArray gradient, long from, long to) {
    long there = Blas.address(gradient, from);
    run(
        OneDnnShape.geluBackward(Math.toIntExact(to - from)),
        Blas.address(hidden, from),
        there,
        there);
  }

  private void run(OneDnnShape shape, long... addresses) {
    OneDnnPrimitive kept = queue(shape).poll();
    OneDnnPrimitive primitive = kept == null ? shape.compile() : kept;
    primitive.execute(addresses);
    queue(shape).add(primitive);
  }

  private Queue<OneDnnPrimitive> queue(OneDnnShape shape) {
    if (idle.size() > MOST_SHAPES) {
      List.copyOf(idle.keySet()).forEach(this::forget);
    }
    return idle.computeIfAbsent(shape, ignored -> new ConcurrentLinkedQueue<>());
  }

  /** Frees what is not in use; what is comes back to another queue. */
  private void forget(OneDnnShape shape) {
    Queue<OneDnnPrimitive> queue = idle.remove(shape);
    if (queue == null) {
      return; // another thread was here
    }
    for (OneDnnPrimitive old = queue.poll(); old != null; old = queue.poll()) {
      old.destroy();
    }
  }
}
