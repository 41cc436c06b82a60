/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.security.AccessControlException;

/** Reads the bytes of items, one after the other, in one task. */
public final class SourceReader implements Closeable {
  private final Configuration hadoop;

  public SourceReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** The item's bytes; of a longer item only {@code limit + 1}. */
  public byte[] read(SourceItem item, long limit) throws IOException {
    Path path = new Path(item.path());
    try (InputStream stream = unchecked(path.getFileSystem(hadoop)).open(path)) {
      return stream.readNBytes((int) Math.min(limit + 1, Integer.MAX_VALUE - 8));
    }
  }

  /**
   * Hadoop's local files without its checksum files beside them, whose names it cannot form where a
   * picture's name has a colon, and which are stale where somebody edited the picture.
   */
  private static FileSystem unchecked(FileSystem fileSystem) {
    return fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
  }

  /**
   * Whether a failure is that one item's: gone, forbidden or rotten. Any other is the storage's,
   * and retried.
   */
  public static boolean isOfTheItem(IOException failure) {
    return failure instanceof FileNotFoundException
        || failure instanceof AccessControlException
        || failure instanceof ChecksumException
        || failure instanceof BlockMissingException;
  }

  @Override
  public void close() {}
}
