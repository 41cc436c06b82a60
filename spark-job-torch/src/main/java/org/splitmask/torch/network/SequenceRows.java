/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.network;

import org.splitmask.train.splitmask.SplitMaskBatch;

/**
 * Where the tokens of a mini-batch's sequences come from, as rows of matrices.
 *
 * @param sequences B
 * @param imageRowsOfSeen by seen token (sequence by sequence): its row among the N·L patches
 * @param positionsOfSeen by seen token: its position among the B·L of all sequences
 * @param unseen the positions, of B·L, that a sequence did not see
 * @param tokensOfUnseen what each of these is to be inpainted with
 */
// Indices of one step, which nobody compares.
@SuppressWarnings("ArrayRecordComponent")
public record SequenceRows(
    int sequences,
    long[] imageRowsOfSeen,
    long[] positionsOfSeen,
    long[] unseen,
    long[] tokensOfUnseen) {
  static SequenceRows of(SplitMaskBatch batch, int patches) {
    int[][] visible = batch.visible();
    int sequences = visible.length;
    int kept = visible[0].length;
    long[] imageRows = new long[sequences * kept];
    long[] positions = new long[sequences * kept];
    long[] unseen = new long[sequences * (patches - kept)];
    long[] tokens = new long[unseen.length];
    int next = 0;
    for (int b = 0; b < sequences; b++) {
      for (int k = 0; k < kept; k++) {
        int patch = visible[b][k];
        imageRows[b * kept + k] = (long) (b % batch.images()) * patches + patch;
        positions[b * kept + k] = (long) b * patches + patch;
      }
      for (int l = 0; l < patches; l++) {
        if (batch.labels()[b][l] >= 0) {
          unseen[next] = (long) b * patches + l;
          tokens[next++] = batch.labels()[b][l];
        }
      }
    }
    return new SequenceRows(sequences, imageRows, positions, unseen, tokens);
  }
}
