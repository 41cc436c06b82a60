/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.common.failure.Check;

/**
 * Puts a branch's L tokens together: the tokens that are there where the branch sees, mask plus
 * position elsewhere. Inputs: tokens [B, K, D], masked positions [L, D], visible [B, K]; output [B,
 * L, D]. Before SplitMask's decoder the tokens are the encoder's output; before BEiT's encoder they
 * are embedded patches.
 */
public final class MaskedTokensVertex extends TokenVertex {
  private static final long serialVersionUID = 1L;

  @Override
  INDArray forward(INDArray encoded, INDArray masked, @Nullable INDArray indices, Tools tools) {
    VisiblePatches visible = seen(masked, indices);
    INDArray out = tools.buffer("output", encoded.size(0), masked.size(0), masked.size(1));
    INDArray rows = LinearLayer.matrix(out);
    INDArray source = LinearLayer.matrix(encoded);
    int[] all = VisiblePatches.counting((int) source.size(0));
    tools.kernels().copyRows(source, all, rows, visible.decoderRowOfVisible());
    tools.kernels().copyRows(masked, visible.patchOfUnseen(), rows, visible.decoderRowOfUnseen());
    return out;
  }

  @Override
  INDArray[] backward(
      INDArray encoded,
      INDArray masked,
      @Nullable INDArray indices,
      INDArray epsilon,
      Tools tools) {
    VisiblePatches visible = seen(masked, indices);
    INDArray dRows = LinearLayer.matrix(epsilon);
    INDArray dEncoded = tools.buffer("d-encoded", encoded.shape());
    int[] all = VisiblePatches.counting((int) LinearLayer.matrix(dEncoded).size(0));
    tools
        .kernels()
        .copyRows(dRows, visible.decoderRowOfVisible(), LinearLayer.matrix(dEncoded), all);
    INDArray dMasked = tools.buffer("d-masked", masked.shape()).assign(0);
    tools.kernels().addRows(dRows, visible.decoderRowOfUnseen(), dMasked, visible.patchOfUnseen());
    return new INDArray[] {dEncoded, dMasked};
  }

  private static VisiblePatches seen(INDArray masked, @Nullable INDArray indices) {
    return new VisiblePatches(
        Check.present(indices, "masked tokens need the indices of what is seen"),
        (int) masked.size(0));
  }

  @Override
  public MaskedTokensVertex clone() {
    return new MaskedTokensVertex();
  }
}
