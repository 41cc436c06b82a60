/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

/** Finds out what a file is, by its content and never by its name. */
final class FileStructures {
  private FileStructures() {}

  static FileStructure of(byte[] file) throws RefusedImageException {
    if (JpegStructure.matches(file)) {
      return new JpegStructure(file);
    }
    if (PngStructure.matches(file)) {
      return new PngStructure(file);
    }
    if (WebpStructure.matches(file)) {
      return new WebpStructure(file);
    }
    if (GifStructure.matches(file)) {
      return new GifStructure(file);
    }
    if (TiffDirectory.matches(file)) {
      return new TiffStructure(file);
    }
    if (BmpStructure.matches(file)) {
      return new BmpStructure(file);
    }
    throw new RefusedImageException(
        RejectionReason.UNSUPPORTED_FORMAT,
        "%s; JPEG, PNG, WebP, BMP, GIF and TIFF are read",
        Signatures.describe(file));
  }
}
