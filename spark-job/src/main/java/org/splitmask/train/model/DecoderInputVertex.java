/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Puts a branch's L tokens together for the decoder: the encoder's output where the branch sees,
 * mask plus position elsewhere. Inputs: encoder output [B, K, D], masked positions [L, D], visible
 * [B, K]; output [B, L, D].
 */
public final class DecoderInputVertex extends TokenVertex {
  private static final long serialVersionUID = 1L;

  @Override
  INDArray forward(INDArray encoded, INDArray masked, INDArray indices, Tools tools) {
    VisiblePatches visible = new VisiblePatches(indices, (int) masked.size(0));
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
      INDArray encoded, INDArray masked, INDArray indices, INDArray epsilon, Tools tools) {
    VisiblePatches visible = new VisiblePatches(indices, (int) masked.size(0));
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

  @Override
  public DecoderInputVertex clone() {
    return new DecoderInputVertex();
  }
}
