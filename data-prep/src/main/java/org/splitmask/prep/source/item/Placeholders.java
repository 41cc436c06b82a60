/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.file.SourceFiles;

/** What often lies where an archive should be, because bringing it failed. */
final class Placeholders {
  private static final int HEAD_BYTES = 512;
  private static final int TAR_MAGIC_AT = 257;

  private Placeholders() {}

  /** What a file is instead of a container, and how to get that; none where it is none of these. */
  static @Nullable String describe(String path, ContainerFormat promised, Configuration hadoop) {
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
    if (promised != ContainerFormat.ZIP && start.startsWith("pk\003\004")) {
      return "it is a zip archive; its name must end in .zip";
    }
    if (promised != ContainerFormat.PARQUET && start.startsWith("par1")) {
      return "it is a Parquet file; its name must end in .parquet";
    }
    if (start.startsWith("\u00FF\u00D8\u00FF") || start.startsWith("\u0089png")) {
      return "it is a picture and no archive; give it a picture's name";
    }
    boolean tar =
        promised != ContainerFormat.TAR
            && head.length == HEAD_BYTES
            && new String(head, TAR_MAGIC_AT, 5, StandardCharsets.ISO_8859_1).equals("ustar");
    return tar ? "it is a tar archive; its name must end in .tar" : null;
  }
}
