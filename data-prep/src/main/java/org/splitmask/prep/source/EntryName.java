/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of entries: data from others, never used as paths of a filesystem. */
final class EntryName {
  private EntryName() {}

  /** The name without the "./" that tar writes before names of the current folder. */
  static String normalise(String name) {
    String rest = name;
    while (rest.startsWith("./")) {
      rest = rest.substring(2);
    }
    return rest;
  }

  /** The name of the folder that the entry lies in, once its steps are taken. */
  static @Nullable String folder(String name) {
    String path = ArchiveLinks.path(name);
    int end = path.lastIndexOf('/');
    String folder = end < 0 ? "" : path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    return folder.isEmpty() || folder.equals("..") ? null : folder;
  }

  /** WebDataset's key: up to the first dot behind the last slash. */
  static String key(String name) {
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** Up to the last dot behind the last slash. */
  static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot <= name.lastIndexOf('/') ? name : name.substring(0, dot);
  }

  /** What is behind the last dot, in lower case. */
  static String extension(String name) {
    return name.substring(Math.min(name.length(), stem(name).length() + 1))
        .toLowerCase(Locale.ROOT);
  }
}
