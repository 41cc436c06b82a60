/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.splitmask.train.kernel.library.NativeMemory;

/**
 * The indices that say which patches each of B sequences sees, as row numbers of the flattened
 * arrays. Sequence b belongs to image b mod N: the A branches of all images, then the B branches.
 */
public final class VisiblePatches {
  private final int[][] visible;
  private final int patches;

  /**
   * Reads the graph's input.
   *
   * @param visible [B, K] patch indices, ascending in each row
   * @param patches L
   */
  VisiblePatches(INDArray visible, int patches) {
    this.visible = new int[(int) visible.size(0)][(int) visible.size(1)];
    for (int b = 0; b < this.visible.length; b++) {
      NativeMemory.copy(visible, b * kept(), this.visible[b]);
    }
    this.patches = patches;
  }

  private VisiblePatches(int[][] visible) {
    this.visible = visible;
    this.patches = visible[0].length;
  }

  /** Every patch of N images. */
  static VisiblePatches all(int images, int patches) {
    int[][] visible = new int[images][];
    Arrays.fill(visible, counting(patches));
    return new VisiblePatches(visible);
  }

  int sequences() {
    return visible.length;
  }

  /** K. */
  int kept() {
    return visible[0].length;
  }

  /** 0, 1, ..., count − 1. */
  public static int[] counting(int count) {
    int[] rows = new int[count];
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    return rows;
  }

  /** The patch index of each visible token, [B·K]. */
  int[] patchOfVisible() {
    int[] rows = new int[sequences() * kept()];
    for (int b = 0, i = 0; b < sequences(); b++) {
      for (int patch : visible[b]) {
        rows[i++] = patch;
      }
    }
    return rows;
  }

  /** The row of each visible token in [N·L] embedded patches, [B·K]. */
  int[] imageRowOfVisible(int images) {
    int[] rows = patchOfVisible();
    for (int i = 0; i < rows.length; i++) {
      rows[i] += (i / kept() % images) * patches;
    }
    return rows;
  }

  /** The row of each visible token in [B·L] decoder tokens, [B·K]. */
  int[] decoderRowOfVisible() {
    return imageRowOfVisible(sequences());
  }

  /** The patch index of each unseen token, [B·(L − K)]. */
  int[] patchOfUnseen() {
    int[] rows = new int[sequences() * (patches - kept())];
    for (int b = 0, i = 0; b < sequences(); b++) {
      boolean[] seen = new boolean[patches];
      for (int patch : visible[b]) {
        seen[patch] = true;
      }
      for (int patch = 0; patch < patches; patch++) {
        if (!seen[patch]) {
          rows[i++] = patch;
        }
      }
    }
    return rows;
  }

  /** The row of each unseen token in [B·L] decoder tokens, [B·(L − K)]. */
  int[] decoderRowOfUnseen() {
    int[] rows = patchOfUnseen();
    int unseen = patches - kept();
    for (int i = 0; i < rows.length; i++) {
      rows[i] += i / unseen * patches;
    }
    return rows;
  }
}
