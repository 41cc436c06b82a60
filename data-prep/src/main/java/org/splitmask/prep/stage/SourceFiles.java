/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.security.AccessControlException;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/** Reads and hashes source files. */
final class SourceFiles {
  private SourceFiles() {}

  /** The file's bytes; of a longer file only {@code limit + 1}. */
  static byte[] read(FoundFile file, long limit, Configuration hadoop) throws IOException {
    Path path = new Path(file.path());
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
   * Whether a failure is that one file's: gone, forbidden or rotten. Any other is the storage's,
   * and retried.
   */
  static boolean isOfTheFile(IOException failure) {
    return failure instanceof FileNotFoundException
        || failure instanceof AccessControlException
        || failure instanceof ChecksumException
        || failure instanceof BlockMissingException;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new SplitMaskException(Blame.BUG, "every JDK has SHA-256", e);
    }
  }

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
