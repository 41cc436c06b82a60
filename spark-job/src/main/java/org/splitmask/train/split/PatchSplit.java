/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

import java.util.List;

/**
 * What the branches of one image see.
 *
 * @param visible by branch: the patches that it sees, [K], ascending; 0 is the top-left patch. No
 *     patch is in two of them
 */
public record PatchSplit(List<int[]> visible) {
  public PatchSplit {
    visible = List.copyOf(visible);
  }

  static PatchSplit of(int[]... visible) {
    return new PatchSplit(List.of(visible));
  }

  /** The patches that branch A sees; without a split, those that are not masked. */
  public int[] a() {
    return visible.get(0);
  }

  /** The patches that branch B sees. */
  public int[] b() {
    return visible.get(1);
  }
}
