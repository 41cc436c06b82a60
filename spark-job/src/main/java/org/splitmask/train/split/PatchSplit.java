/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.split;

/**
 * What the two branches of one image see.
 *
 * @param a the patches that branch A sees, [K], ascending; 0 is the top-left patch
 * @param b the patches that branch B sees, [K], ascending, none of them in a
 */
public record PatchSplit(int[] a, int[] b) {}
