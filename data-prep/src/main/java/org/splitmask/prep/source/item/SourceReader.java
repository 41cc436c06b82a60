/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.apache.hadoop.security.AccessControlException;
import org.splitmask.common.failure.PlainMessage;
import org.splitmask.prep.source.file.SourceFiles;

/**
 * Reads the bytes of items, one after the other, in one task. It keeps the container of the last
 * item open, so that items are best read container by container in the order of their positions;
 * any other order is as right, and slower.
 */
public final class SourceReader implements Closeable {
  private final OpenContainer open;

  public SourceReader(Configuration hadoop) {
    this.open = new OpenContainer(hadoop);
  }

  /**
   * The item's bytes; of a longer item only {@code limit + 1}.
   *
   * @throws IOException of the item (see {@link #isOfTheItem}), or of the storage
   */
  public byte[] read(SourceItem item, long limit) throws IOException {
    int atMost = (int) Math.min(limit + 1, Integer.MAX_VALUE - 8);
    try {
      return item.location().read(item.path(), open, atMost);
    } catch (UncheckedIOException e) {
      throw SourceFiles.cause(e);
    }
  }

  /**
   * Whether a failure is that one item's: gone, forbidden or rotten. Any other is the storage's,
   * and retried.
   */
  public static boolean isOfTheItem(IOException failure) {
    return failure instanceof BrokenItemException
        || failure instanceof FileNotFoundException
        || failure instanceof AccessControlException
        || failure instanceof ChecksumException
        || failure instanceof BlockMissingException;
  }

  /** What is wrong with an item, for people. */
  public static String describe(IOException failure) {
    if (failure instanceof AccessControlException) {
      return "permission denied";
    }
    if (failure instanceof FileNotFoundException) {
      return "it is gone";
    }
    return PlainMessage.clean(failure.getMessage());
  }

  @Override
  public void close() throws IOException {
    open.close();
  }
}
