/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.file;

import org.jspecify.annotations.Nullable;

/**
 * What a file says about itself before any pixel is decoded.
 *
 * @param width as stored, before orientation
 * @param height as stored
 * @param transparency whether pixels may be transparent
 * @param orientation the EXIF orientation, 1 to 8; 1 where none is given
 * @param colourProfile the name of an embedded ICC profile; null without one, or if it is sRGB
 */
public record ImageHeader(
    ImageFormat format,
    int width,
    int height,
    Transparency transparency,
    int orientation,
    @Nullable String colourProfile) {
  public enum Transparency {
    OPAQUE,
    ALPHA
  }

  public int uprightWidth() {
    return orientation >= 5 ? height : width;
  }

  public int uprightHeight() {
    return orientation >= 5 ? width : height;
  }

  /** Judges the claimed size, so that no decoder allocates for a lie. */
  public void check(ImageLimits limits) throws RefusedImageException {
    if (width <= 0 || height <= 0) {
      throw new RefusedImageException(
          RejectionReason.DAMAGED, "the header says %d×%d pixels", width, height);
    }
    if ((long) width * height > limits.maxPixels()) {
      throw new RefusedImageException(
          RejectionReason.TOO_MANY_PIXELS,
          "%d×%d pixels, max-pixels is %d",
          width,
          height,
          limits.maxPixels());
    }
    if (Math.min(width, height) < limits.minSide()) {
      throw new RefusedImageException(
          RejectionReason.TOO_SMALL,
          "%d×%d pixels, min-side is %d",
          width,
          height,
          limits.minSide());
    }
  }
}
