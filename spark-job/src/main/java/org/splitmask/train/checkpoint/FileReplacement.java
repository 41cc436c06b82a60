/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/**
 * Puts a finished file in the place of another. Whenever the process is killed, {@link #present}
 * names a whole file: the old one or the new one.
 */
final class FileReplacement {
  private final FileSystem files;

  FileReplacement(FileSystem files) {
    this.files = files;
  }

  /** Where a file is written before it takes its place. */
  static Path aside(Path target) {
    return hidden(target, ".tmp");
  }

  /** Where the old file waits on a filesystem that cannot replace one. */
  private static Path old(Path target) {
    return hidden(target, ".old");
  }

  private static Path hidden(Path target, String ending) {
    return new Path(target.getParent(), "." + target.getName() + ending);
  }

  /**
   * Whether what is written to a path appears there when it is closed, and not before: so it is on
   * S3, where a rename is a copy.
   */
  boolean isWholeWhenClosed(Path target) throws IOException {
    return files.hasPathCapability(target, CommonPathCapabilities.ABORTABLE_STREAM);
  }

  /** The path under which the file can be read now; the target itself where there is none. */
  Path present(Path target) throws IOException {
    // The target twice: a writer may have been between the two names when they were looked at.
    return files.exists(target) || !files.exists(old(target)) || files.exists(target)
        ? target
        : old(target);
  }

  /**
   * Gives a file another name, in the place of what is there. HDFS and local disks replace in one
   * step. FileContext has a rename that says it replaces, but it makes one step of it on HDFS
   * alone: elsewhere, on local disks too, it deletes first.
   */
  void move(Path aside, Path target) throws IOException {
    if (files instanceof DistributedFileSystem hdfs) {
      hdfs.rename(aside, target, Options.Rename.OVERWRITE);
    } else if (files instanceof LocalFileSystem local) {
      moveLocally(local, aside, target);
    } else {
      moveInSteps(aside, target);
    }
  }

  /**
   * With Hadoop's file of checksums beside it. A file without one is read as it is, but one that is
   * read with the checksums of another is refused: the old ones go first, the new ones come last.
   */
  private static void moveLocally(LocalFileSystem local, Path aside, Path target)
      throws IOException {
    java.nio.file.Path checksums = local.pathToFile(local.getChecksumFile(target)).toPath();
    java.nio.file.Path written = local.pathToFile(local.getChecksumFile(aside)).toPath();
    Files.deleteIfExists(checksums);
    Files.move(
        local.pathToFile(aside).toPath(),
        local.pathToFile(target).toPath(),
        StandardCopyOption.ATOMIC_MOVE);
    if (Files.exists(written)) {
      Files.move(written, checksums, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void moveInSteps(Path aside, Path target) throws IOException {
    if (files.exists(target)) {
      files.delete(old(target), false); // left by a kill; the target is newer
      rename(target, old(target));
    }
    rename(aside, target);
    files.delete(old(target), false);
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }
}
