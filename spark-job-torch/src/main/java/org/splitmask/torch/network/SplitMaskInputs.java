/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.splitmask.torch.tensor.Uploads;
import org.splitmask.train.model.DropPath;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.splitmask.SplitMaskBatch;

/**
 * A mini-batch on the device, with all that a step reads: it travels before the forward pass
 * begins, in one copy of floats and one of indices. Letters as in {@link SplitMaskForward}.
 *
 * @param images N
 * @param sequences B
 * @param patches [N, L, P·P·C]
 * @param imageRowsOfSeen by seen token (sequence by sequence): its row among the N·L patches
 * @param positionsOfSeen by seen token: its position among the B·L of all sequences
 * @param unseen the positions, of B·L, that a sequence did not see
 * @param tokensOfUnseen what each of these is to be inpainted with
 * @param survivals drop path's factors, [residual branches of the encoder, B]; none without it
 */
public record SplitMaskInputs(
    int images,
    int sequences,
    Tensor patches,
    Tensor imageRowsOfSeen,
    Tensor positionsOfSeen,
    Tensor unseen,
    Tensor tokensOfUnseen,
    @Nullable Tensor survivals) {
  private static final int RESIDUALS = 2;

  /** Takes a mini-batch to the device. */
  static SplitMaskInputs of(SplitMaskBatch batch, NetworkShape shape, Uploads uploads) {
    SequenceRows rows = SequenceRows.of(batch, shape.patches());
    boolean drops = shape.dropPath() > 0;
    float[] factors = drops ? factors(shape, batch.seeds()) : new float[0];
    uploads.begin();
    Tensor floats = uploads.floats(batch.patches(), factors);
    Tensor longs =
        uploads.longs(
            rows.imageRowsOfSeen(), rows.positionsOfSeen(), rows.unseen(), rows.tokensOfUnseen());
    uploads.arrive();
    long values = batch.patches().length;
    long seen = rows.imageRowsOfSeen().length;
    long unseen = rows.unseen().length;
    return new SplitMaskInputs(
        batch.images(),
        rows.sequences(),
        floats.narrow(0, 0, values).view(batch.images(), shape.patches(), shape.patchValues()),
        longs.narrow(0, 0, seen),
        longs.narrow(0, seen, seen),
        longs.narrow(0, 2 * seen, unseen),
        longs.narrow(0, 2 * seen + unseen, unseen),
        drops
            ? floats
                .narrow(0, values, factors.length)
                .view((long) RESIDUALS * shape.depth(), rows.sequences())
            : null);
  }

  private static float[] factors(NetworkShape shape, long[] seeds) {
    float[] factors = new float[RESIDUALS * shape.depth() * seeds.length];
    for (int block = 0; block < shape.depth(); block++) {
      for (int residual = 0; residual < RESIDUALS; residual++) {
        float[] drawn =
            DropPath.factors(
                shape.dropPathOfBlock(block),
                seeds,
                TransformerForward.encoderBlock(block),
                residual);
        int row = RESIDUALS * block + residual;
        System.arraycopy(drawn, 0, factors, row * seeds.length, seeds.length);
      }
    }
    return factors;
  }

  /** Drop path's factors of a residual branch of the encoder, [B, 1, 1]; none where none drops. */
  @Nullable Tensor survivals(int block, int residual) {
    return survivals == null
        ? null
        : survivals.select(0, (long) RESIDUALS * block + residual).view(-1, 1, 1);
  }
}
