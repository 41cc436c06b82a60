/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.security.AccessControlException;

/**
 * The local disk under the scheme {@code counted:}, which notes each file that is opened. A new
 * picture is opened twice, to be hashed and to be decoded.
 */
public final class CountedFiles extends RawLocalFileSystem {
  private static final Map<String, Integer> OPENED = new ConcurrentHashMap<>();
  private static final Set<String> FORBIDDEN = ConcurrentHashMap.newKeySet();

  /** From now on these files, and no others, may not be opened. */
  static void forbid(String... names) {
    FORBIDDEN.clear();
    FORBIDDEN.addAll(List.of(names));
  }

  /** File names with how often they were opened since the last call. */
  static Map<String, Integer> opened() {
    Map<String, Integer> opened = new TreeMap<>(OPENED);
    OPENED.clear();
    return opened;
  }

  @Override
  public String getScheme() {
    return "counted";
  }

  @Override
  public URI getUri() {
    return URI.create("counted:///");
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    OPENED.merge(file.getName(), 1, Integer::sum);
    if (FORBIDDEN.contains(file.getName())) {
      throw new AccessControlException("Permission denied: user=test, access=READ");
    }
    return super.open(file, bufferSize);
  }
}
