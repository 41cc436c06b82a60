/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a row of {@code patches} says of a picture besides its pixels.
 *
 * @param imageId SHA-256 of the file's bytes, 64 hexadecimal digits
 * @param path where the file was, qualified with the filesystem
 * @param sourceRoot the input that it was found under
 * @param sourceSize bytes of the file
 * @param sourceModified milliseconds since 1970
 * @param format jpeg, png and so on
 * @param originalWidth of the upright picture in pixels
 * @param originalHeight likewise
 * @param colourProfile the name of an ICC profile other than sRGB
 * @param runId the run that wrote the row
 */
public record PictureInfo(
    String imageId,
    String path,
    String sourceRoot,
    @Nullable String label,
    Split split,
    long sourceSize,
    long sourceModified,
    String format,
    int originalWidth,
    int originalHeight,
    @Nullable String colourProfile,
    String runId)
    implements Serializable {

  /** The same picture from another file, or with another label. */
  public PictureInfo at(FileStamp file, @Nullable String newLabel, Split newSplit, String newRun) {
    return new PictureInfo(
        imageId,
        file.path(),
        file.sourceRoot(),
        newLabel,
        newSplit,
        file.size(),
        file.modified(),
        format,
        originalWidth,
        originalHeight,
        colourProfile,
        newRun);
  }

  public FileStamp file() {
    return new FileStamp(path, sourceRoot, sourceSize, sourceModified);
  }
}
