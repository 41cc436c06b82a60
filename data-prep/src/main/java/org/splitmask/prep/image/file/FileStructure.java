/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.file;

/** What a format's reader finds in a file, in Java, before any decoder sees it. */
public interface FileStructure {

  /** Reads no further than the size of the picture, which is to be judged next. */
  void readHeader() throws RefusedImageException;

  /** Reads the rest, and refuses what is damaged as far as that shows without making pixels. */
  void checkBody() throws RefusedImageException;

  /** What the file says about its picture, as far as it was read. */
  ImageHeader header();

  /** The bytes for the decoder. */
  byte[] picture();
}
