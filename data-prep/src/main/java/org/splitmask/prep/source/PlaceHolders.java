/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.jspecify.annotations.Nullable;

/** What often lies where an archive should be, because bringing it failed. */
final class PlaceHolders {
  private static final int HEAD_BYTES = 64;

  private PlaceHolders() {}

  /** What a file is instead of a container, and how to get that; none where it is none of these. */
  static @Nullable String describe(String path, Configuration hadoop) {
    byte[] head;
    try (FSDataInputStream stream = SourceFiles.open(path, hadoop)) {
      head = stream.readNBytes(HEAD_BYTES);
    } catch (IOException e) {
      return null; // what is known of it already is told
    }
    String start = new String(head, StandardCharsets.ISO_8859_1).strip().toLowerCase(Locale.ROOT);
    if (start.startsWith("version https://git-lfs")) {
      return "it is a Git LFS pointer, not the file itself, which `git lfs pull` brings";
    }
    if (start.startsWith("<!doctype html") || start.startsWith("<html")) {
      return "it is an HTML page, as servers send instead of a file; download it again";
    }
    return null;
  }
}
