/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasColMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.cblas_dgemm;

import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The inputs X [N, D] of a linear classifier in native memory, and the two products that fitting
 * one takes. Every array is held transposed in column-major order, which is the row-major order of
 * the plain arrays.
 *
 * <p>BLAS is called without ND4J between: each of its products makes a native context, which cannot
 * be closed and waits for a garbage collection. One evaluation takes thousands of products.
 */
final class DesignMatrix implements AutoCloseable {
  private final int rows;
  private final INDArray inputs; // Xᵀ [D, N]
  private final INDArray weights; // Wᵀ [C, D]
  private final INDArray scores; // [C, N]
  private final INDArray product; // [C, D]

  /**
   * Copies the inputs.
   *
   * @param inputs [N, D] row-major
   * @param classes C
   */
  DesignMatrix(double[] inputs, int rows, int classes) {
    int width = inputs.length / rows;
    this.rows = rows;
    this.inputs = matrix(width, rows);
    this.weights = matrix(classes, width);
    this.scores = matrix(classes, rows);
    this.product = matrix(classes, width);
    write(inputs, this.inputs);
  }

  /** N. */
  int rows() {
    return rows;
  }

  /**
   * X·W.
   *
   * @param parameters W [D, C] row-major
   * @return [N, C] row-major
   */
  double[] scores(double[] parameters) {
    write(parameters, weights);
    int classes = (int) weights.size(0);
    int width = (int) weights.size(1);
    cblas_dgemm(
        CblasColMajor,
        CblasNoTrans,
        CblasNoTrans,
        classes,
        rows,
        width,
        1,
        pointer(weights),
        classes,
        pointer(inputs),
        width,
        0,
        pointer(scores),
        classes);
    return read(scores);
  }

  /**
   * Xᵀ·R.
   *
   * @param residuals R [N, C] row-major
   * @return [D, C] row-major
   */
  double[] correlate(double[] residuals) {
    write(residuals, scores);
    int classes = (int) product.size(0);
    int width = (int) product.size(1);
    cblas_dgemm(
        CblasColMajor,
        CblasNoTrans,
        CblasTrans,
        classes,
        width,
        rows,
        1,
        pointer(scores),
        classes,
        pointer(inputs),
        width,
        0,
        pointer(product),
        classes);
    return read(product);
  }

  @Override
  public void close() {
    inputs.close();
    weights.close();
    scores.close();
    product.close();
  }

  private static INDArray matrix(int height, int width) {
    return Nd4j.createUninitialized(DataType.DOUBLE, new long[] {height, width}, 'f');
  }

  private static void write(double[] values, INDArray array) {
    pointer(array).put(values, 0, values.length);
  }

  private static double[] read(INDArray array) {
    double[] values = new double[(int) array.length()];
    pointer(array).get(values);
    return values;
  }

  private static DoublePointer pointer(INDArray array) {
    return new DoublePointer(array.data().addressPointer()).capacity(array.length());
  }
}
