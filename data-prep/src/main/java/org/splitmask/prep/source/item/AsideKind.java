/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.text.EntryName;

/**
 * Names that are known not to be pictures: other files that belong to pictures, and what programs
 * leave behind. The list is short on purpose: cameras write {@code _DSC0002.JPG}, so that a name
 * alone says little.
 */
public enum AsideKind {
  /** A file that says something of pictures: annotations, captions, indices, embeddings. */
  COMPANION("files that go with pictures"),
  /** A name that begins with a dot. */
  HIDDEN("hidden names"),
  /** What macOS puts beside files: {@code ._name}, {@code .DS_Store}, {@code __MACOSX}. */
  MACOS("of macOS"),
  /** What jobs leave in their output: {@code _SUCCESS}, {@code _temporary}, {@code _delta_log}. */
  JOB("of other jobs"),
  /** Folders of the system: trash, thumbnails of a network disk. */
  SYSTEM("of the system"),
  /** A file that is being copied: {@code name._COPYING_}. */
  UNFINISHED("being copied");

  private static final Pattern JOB_NAMES =
      Pattern.compile(
          "_SUCCESS|_temporary|_metadata|_common_metadata|_delta_log|_spark_metadata|"
              + "_(started|committed)_.*");
  private static final Set<String> SYSTEM_FOLDERS =
      Set.of("@eadir", "#recycle", "$recycle.bin", "system volume information", "lost+found");
  private static final Set<String> COMPANION_NAMES =
      Set.of(
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini",
          "icon\r",
          "readme",
          "license",
          "checksums",
          "md5sums",
          "sha256sums");
  private static final Set<String> COMPANION_EXTENSIONS =
      Set.of(
          "txt", "json", "jsonl", "ndjson", "xml", "csv", "tsv", "yaml", "yml", "md", "cls", "lst",
          "caption", "npy", "npz", "pth", "pt", "xmp", "aae", "ini", "crc", "url", "lnk", "log",
          "md5", "sha256", "html");

  private final String words;

  AsideKind(String words) {
    this.words = words;
  }

  /** The name in results: companion, hidden, macos, job, system, unfinished. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people, behind a count. */
  public String words() {
    return words;
  }

  public boolean isCompanion() {
    return this == COMPANION;
  }

  /** What a folder's name says; none where it is to be listed. */
  public static @Nullable AsideKind ofFolder(String name) {
    AsideKind kind = ofAny(name);
    return kind == null && SYSTEM_FOLDERS.contains(name.toLowerCase(Locale.ROOT)) ? SYSTEM : kind;
  }

  /** What a file's name says; none where it may be a picture or a container. */
  public static @Nullable AsideKind ofFile(String name) {
    AsideKind kind = ofAny(name);
    if (kind != null) {
      return kind;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    boolean companion =
        COMPANION_NAMES.contains(lower)
            || COMPANION_EXTENSIONS.contains(EntryName.extension(lower));
    return companion ? COMPANION : null;
  }

  /** What an archive's entry is by its folders' names and its own. */
  public static @Nullable AsideKind ofEntry(String name) {
    int file = name.lastIndexOf('/') + 1;
    for (int from = 0; from < file; from = name.indexOf('/', from) + 1) {
      String part = name.substring(from, name.indexOf('/', from));
      AsideKind kind = part.equals(".") || part.equals("..") ? null : ofFolder(part);
      if (kind != null) {
        return kind;
      }
    }
    return ofFile(name.substring(file));
  }

  private static @Nullable AsideKind ofAny(String name) {
    if (name.startsWith("._") || name.equals(".DS_Store") || name.equals("__MACOSX")) {
      return MACOS;
    }
    if (name.startsWith(".")) {
      return HIDDEN;
    }
    if (JOB_NAMES.matcher(name).matches()) {
      return JOB;
    }
    return name.endsWith("._COPYING_") ? UNFINISHED : null;
  }
}
