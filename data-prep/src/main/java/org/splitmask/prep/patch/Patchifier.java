/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.patch;

import org.splitmask.common.failure.Check;

/**
 * Cuts pictures into patches and joins patches to pictures; the one is the other's inverse. Patch l
 * = gy·G + gx holds the pixels of rows gy·P to gy·P + P - 1 and columns gx·P to gx·P + P - 1.
 */
public final class Patchifier {
  private Patchifier() {}

  /**
   * Cuts.
   *
   * @param pixels uint8 [S, S, C] row-major
   * @return uint8 [L, P, P, C] row-major
   */
  public static byte[] cut(byte[] pixels, PatchShape shape) {
    byte[] patches = new byte[shape.bytes()];
    cut(pixels, shape, patches);
    return patches;
  }

  /**
   * Cuts into an array that is there already.
   *
   * @param pixels uint8 [S, S, C] row-major
   * @param patches receives uint8 [L, P, P, C] row-major
   */
  public static void cut(byte[] pixels, PatchShape shape, byte[] patches) {
    checkLength(pixels, shape);
    checkLength(patches, shape);
    int run = shape.patchSize() * shape.channels();
    for (int row = 0, pixel = 0; row < shape.imageSize(); row++) {
      for (int gx = 0; gx < shape.gridSide(); gx++, pixel += run) {
        System.arraycopy(pixels, pixel, patches, offset(row, gx, shape), run);
      }
    }
  }

  /**
   * Joins.
   *
   * @param patches uint8 [L, P, P, C] row-major
   * @return uint8 [S, S, C] row-major
   */
  public static byte[] join(byte[] patches, PatchShape shape) {
    checkLength(patches, shape);
    byte[] pixels = new byte[shape.bytes()];
    int run = shape.patchSize() * shape.channels();
    for (int row = 0, pixel = 0; row < shape.imageSize(); row++) {
      for (int gx = 0; gx < shape.gridSide(); gx++, pixel += run) {
        System.arraycopy(patches, offset(row, gx, shape), pixels, pixel, run);
      }
    }
    return pixels;
  }

  /** Where the pixels of a picture's row that belong to patch column gx lie among the patches. */
  private static int offset(int row, int gx, PatchShape shape) {
    int patch = row / shape.patchSize() * shape.gridSide() + gx;
    int rowInPatch = row % shape.patchSize();
    return patch * shape.valuesPerPatch() + rowInPatch * shape.patchSize() * shape.channels();
  }

  private static void checkLength(byte[] picture, PatchShape shape) {
    Check.invariant(
        picture.length == shape.bytes(),
        "a picture of %s has %d bytes, got %d",
        shape,
        shape.bytes(),
        picture.length);
  }
}
