/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local disk under the scheme {@code slow:}, which takes its time: a run can be killed in it.
 */
public final class SlowFiles extends RawLocalFileSystem {
  private static final int MILLIS = 15;

  @Override
  public String getScheme() {
    return "slow";
  }

  @Override
  public URI getUri() {
    return URI.create("slow:///");
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    try {
      Thread.sleep(MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    return super.open(file, bufferSize);
  }
}
