/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.kernel;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.Blas;
import org.splitmask.train.kernel.library.FloatMath;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.kernel.library.Parts;
import org.splitmask.train.kernel.library.RowKernels.Normalisation;

/** Layer normalisation on float32: rows go through in parts, which threads share. */
final class FloatLayerNorm {
  /** Rows whose sums of γ's and β's gradients are added up apart, whatever the threads. */
  private static final int ROWS = 512;

  private FloatLayerNorm() {}

  static void forward(Normalisation norm, INDArray beta, INDArray y) {
    Parts.within((int) norm.mean().length(), ROWS)
        .each((from, to) -> Blas.rowKernels().layerNorm(norm, beta, y, from, to));
  }

  static void backward(
      Normalisation norm,
      INDArray dy,
      @Nullable INDArray residual,
      INDArray dx,
      INDArray dGamma,
      INDArray dBeta) {
    int width = norm.width();
    Parts parts = Parts.within((int) norm.mean().length(), ROWS);
    float[][] scaleGradients = new float[parts.count()][width];
    float[][] shiftGradients = new float[parts.count()][width];
    parts.each(
        (from, to) -> {
          int part = from / parts.size();
          Blas.rowKernels()
              .layerNormBackward(
                  norm, dy, dx, scaleGradients[part], shiftGradients[part], from, to);
          if (residual != null) {
            Blas.add(residual, dx, Blas.element(from, width), (to - from) * width);
          }
        });
    NativeMemory.copy(FloatMath.total(scaleGradients), dGamma);
    NativeMemory.copy(FloatMath.total(shiftGradients), dBeta);
  }
}
