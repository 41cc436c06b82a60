/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.text;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of entries: data from others, never used as paths of a filesystem. */
public final class EntryName {
  private EntryName() {}

  /** The name without the "./" that tar writes before names of the current folder. */
  public static String normalise(String name) {
    String rest = name;
    while (rest.startsWith("./")) {
      rest = rest.substring(2);
    }
    return rest;
  }

  /** The name of the folder that the entry lies in, once its steps are taken. */
  public static @Nullable String folder(String name) {
    String path = withoutSteps(name);
    int end = path.lastIndexOf('/');
    String folder = end < 0 ? "" : path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    return folder.isEmpty() || folder.equals("..") ? null : folder;
  }

  /** A name without steps; those out of the archive stay. */
  public static String withoutSteps(String name) {
    Deque<String> parts = new ArrayDeque<>();
    for (String part : Arrays.asList(name.split("/", -1))) {
      if (part.equals("..") && !parts.isEmpty() && !parts.peekLast().equals("..")) {
        parts.removeLast();
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.addLast(part);
      }
    }
    return String.join("/", parts);
  }

  /** WebDataset's key: up to the first dot behind the last slash. */
  public static String key(String name) {
    int dot = name.indexOf('.', name.lastIndexOf('/') + 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** Up to the last dot behind the last slash. */
  public static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot <= name.lastIndexOf('/') ? name : name.substring(0, dot);
  }

  /** What is behind the last dot, in lower case. */
  public static String extension(String name) {
    return name.substring(Math.min(name.length(), stem(name).length() + 1))
        .toLowerCase(Locale.ROOT);
  }
}
