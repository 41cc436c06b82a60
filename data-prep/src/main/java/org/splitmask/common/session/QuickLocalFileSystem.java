/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.session;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.jspecify.annotations.Nullable;

/**
 * Hadoop's local files, but permissions are set by a system call, and of a folder that cannot be
 * made it is said why. Without its native library, which is seldom there, Hadoop starts the program
 * chmod for every file and folder that it makes.
 */
public final class QuickLocalFileSystem extends LocalFileSystem {
  /** For Hadoop, which makes file systems by reflection. */
  public QuickLocalFileSystem() {
    super(new Raw());
  }

  private static final class Raw extends RawLocalFileSystem {
    private static final boolean POSIX =
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    @Override
    public void setPermission(Path path, FsPermission permission) throws IOException {
      // Java has no word for the sticky bit.
      if (!POSIX || permission.getStickyBit()) {
        super.setPermission(path, permission);
        return;
      }
      Files.setPosixFilePermissions(
          pathToFile(path).toPath(), PosixFilePermissions.fromString(permission.toString()));
    }

    /** With the machine's reason where there can be none; Hadoop's own says "false" and no more. */
    @Override
    protected boolean mkOneDirWithMode(Path path, File folder, @Nullable FsPermission permission)
        throws IOException {
      boolean isMade = super.mkOneDirWithMode(path, folder, permission);
      if (!isMade && !folder.exists()) {
        Files.createDirectory(folder.toPath()); // which fails as well, and says why
      }
      return isMade;
    }
  }
}
