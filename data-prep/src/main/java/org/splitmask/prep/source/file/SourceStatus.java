/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.file;

import org.apache.hadoop.fs.FileStatus;

/**
 * What a filesystem says of a name.
 *
 * @param path qualified with the filesystem
 * @param length in bytes; 0 for folders
 * @param modified milliseconds since 1970
 * @param trouble why it cannot be opened; empty where nothing speaks against it
 */
public record SourceStatus(String path, Kind kind, long length, long modified, String trouble) {
  private static final long UNKNOWN_LENGTH = -1;

  /** What stands behind a name. */
  public enum Kind {
    FILE,
    FOLDER,
    /**
     * A name that leads nowhere, or to something that holds no bytes of its own, such as a pipe.
     */
    UNREADABLE
  }

  static SourceStatus of(FileStatus status) {
    return new SourceStatus(
        status.getPath().toString(),
        status.isDirectory() ? Kind.FOLDER : Kind.FILE,
        status.getLen(),
        status.getModificationTime(),
        "");
  }

  static SourceStatus unreadable(String path, String trouble) {
    return new SourceStatus(path, Kind.UNREADABLE, UNKNOWN_LENGTH, 0, trouble);
  }

  public boolean isFolder() {
    return kind == Kind.FOLDER;
  }

  public boolean isFile() {
    return kind == Kind.FILE;
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
