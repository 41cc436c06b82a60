/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.file;

import java.util.Locale;

/** The formats that are read, told apart by content and never by name. */
public enum ImageFormat {
  JPEG,
  PNG,
  WEBP,
  BMP,
  GIF,
  TIFF;

  /** The word in the table: jpeg, png, webp, bmp, gif, tiff. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
