/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.format;

import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.image.jpeg.JpegStructure;

/** Finds out what a file is, by its content and never by its name. */
public final class FileStructures {
  private FileStructures() {}

  public static FileStructure of(byte[] file) throws RefusedImageException {
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
