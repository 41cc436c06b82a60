/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adds the position embeddings to the patch embeddings and keeps what each branch sees. Inputs:
 * embedded patches [N, L, D], positions [L, D], visible [B, K]; output [B, K, D]. B is a multiple
 * of N. Without the last input everything is seen: [N, L, D], as in any ViT.
 */
public final class SplitVertex extends TokenVertex {
  private static final long serialVersionUID = 1L;

  @Override
  INDArray forward(INDArray embedded, INDArray positions, @Nullable INDArray indices, Tools tools) {
    VisiblePatches visible = seen(embedded, indices);
    long width = embedded.size(2);
    INDArray out = tools.buffer("output", visible.sequences(), visible.kept(), width);
    INDArray rows = LinearLayer.matrix(out);
    int[] all = VisiblePatches.counting((int) rows.size(0));
    int[] imageRows = visible.imageRowOfVisible((int) embedded.size(0));
    tools.kernels().copyRows(LinearLayer.matrix(embedded), imageRows, rows, all);
    tools.kernels().addRows(positions, visible.patchOfVisible(), rows, all);
    return out;
  }

  @Override
  INDArray[] backward(
      INDArray embedded,
      INDArray positions,
      @Nullable INDArray indices,
      INDArray epsilon,
      Tools tools) {
    VisiblePatches visible = seen(embedded, indices);
    INDArray dRows = LinearLayer.matrix(epsilon);
    int[] all = VisiblePatches.counting((int) dRows.size(0));
    INDArray dEmbedded = tools.buffer("d-embedded", embedded.shape()).assign(0);
    int[] imageRows = visible.imageRowOfVisible((int) embedded.size(0));
    tools.kernels().addRows(dRows, all, LinearLayer.matrix(dEmbedded), imageRows);
    INDArray dPositions = tools.buffer("d-positions", positions.shape()).assign(0);
    tools.kernels().addRows(dRows, all, dPositions, visible.patchOfVisible());
    return new INDArray[] {dEmbedded, dPositions};
  }

  private static VisiblePatches seen(INDArray embedded, @Nullable INDArray indices) {
    int patches = (int) embedded.size(1);
    return indices == null
        ? VisiblePatches.all((int) embedded.size(0), patches)
        : new VisiblePatches(indices, patches);
  }

  @Override
  public int minVertexInputs() {
    return 2;
  }

  @Override
  public SplitVertex clone() {
    return new SplitVertex();
  }
}
