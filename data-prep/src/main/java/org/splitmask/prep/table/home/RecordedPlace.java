/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Table;
import org.splitmask.common.failure.Check;

/**
 * Where a table in a folder says that it is. Iceberg's metadata name every file by its whole path:
 * whoever opens a copy of the folder reads the files of the original, and a commit to the copy
 * would mix the two.
 *
 * @param folder as the table was made
 */
record RecordedPlace(Path folder, Configuration hadoop) {
  private static final Path NEWEST = new Path("metadata/version-hint.text");

  static RecordedPlace of(Table table, Configuration hadoop) {
    return new RecordedPlace(new Path(table.location()), hadoop);
  }

  /** Refuses a folder that is another than the recorded one, by whatever names. */
  void check(Path opened) {
    Check.data(
        isSame(opened),
        "%s was copied or moved there: its metadata says that it is at %s, and its files would be"
            + " read there. Give the table at %s; or prepare the pictures into a new folder; a"
            + " folder that was moved can be moved back, or be linked to from its old place",
        opened.getParent(),
        folder.getParent(),
        folder.getParent());
  }

  private boolean isSame(Path opened) {
    if (opened.equals(folder)) {
      return true;
    }
    try {
      FileSystem there = folder.getFileSystem(hadoop);
      FileSystem here = opened.getFileSystem(hadoop);
      Path recorded = there.makeQualified(folder);
      Path given = here.makeQualified(opened);
      return recorded.equals(given)
          || (Objects.equals(recorded.toUri().getScheme(), given.toUri().getScheme())
              && (isLocal(given)
                  ? isSameLocally(recorded, given)
                  : hasSamePath(recorded, given) && isSameFile(there, recorded, here, given)));
    } catch (IOException | IllegalArgumentException e) {
      return false; // The recorded place cannot be looked at: it is not this one.
    }
  }

  private static boolean isLocal(Path path) {
    return "file".equals(path.toUri().getScheme());
  }

  /** Through symbolic links and mounts. */
  private static boolean isSameLocally(Path recorded, Path given) throws IOException {
    java.nio.file.Path there = java.nio.file.Path.of(recorded.toUri().getPath());
    return Files.exists(there)
        && Files.isSameFile(there, java.nio.file.Path.of(given.toUri().getPath()));
  }

  /** One HDFS may have two names: of its service, and of a name node. */
  private static boolean hasSamePath(Path recorded, Path given) {
    return recorded.toUri().getPath().equals(given.toUri().getPath());
  }

  /** A name node stamps a file when it is closed, in milliseconds; of a copy that is later. */
  private static boolean isSameFile(FileSystem there, Path recorded, FileSystem here, Path given)
      throws IOException {
    FileStatus one = there.getFileStatus(new Path(recorded, NEWEST));
    FileStatus other = here.getFileStatus(new Path(given, NEWEST));
    return one.getModificationTime() == other.getModificationTime()
        && one.getLen() == other.getLen();
  }
}
