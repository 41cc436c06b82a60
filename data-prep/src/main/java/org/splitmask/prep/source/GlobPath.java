/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.GlobPattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a glob behind its fixed folder, one for each level. {@code **} stands for any number
 * of folders, none included.
 */
record GlobPath(List<String> parts) implements Serializable {
  private static final String ANY_DEPTH = "**";

  GlobPath {
    parts = new ArrayList<>(parts);
  }

  /** Ready to match many paths. */
  Matcher matcher() {
    return new Matcher(
        parts.stream()
            .map(part -> part.equals(ANY_DEPTH) ? new Part(part, null) : Part.of(part))
            .toList());
  }

  /** The parts of a path below a folder. */
  static List<String> below(String path, String folder) {
    String rest = path.substring(Math.min(folder.length(), path.length()));
    return Arrays.stream(rest.split("/", -1)).filter(part -> !part.isEmpty()).toList();
  }

  private record Part(String text, @Nullable GlobPattern pattern) {
    static Part of(String text) {
      return new Part(text, new GlobPattern(text));
    }

    boolean matches(String name) {
      // As in a shell: a hidden name must be asked for.
      boolean hidden = name.startsWith(".") && !text.startsWith(".");
      return pattern == null ? !name.startsWith(".") : !hidden && pattern.matches(name);
    }
  }

  /** A compiled glob. */
  static final class Matcher {
    private final List<Part> parts;

    private Matcher(List<Part> parts) {
      this.parts = parts;
    }

    /** Whether a path is what the glob asks for. */
    boolean matches(List<String> names) {
      return matches(0, names, 0);
    }

    /** Whether something below a folder may be what the glob asks for. */
    boolean leadsOn(List<String> names) {
      return leadsOn(0, names, 0);
    }

    /** Whether a path, or a folder or container that it lies in, is what the glob asks for. */
    boolean covers(List<String> names) {
      for (int length = 1; length <= names.size(); length++) {
        List<String> above = new ArrayList<>(names.subList(0, length));
        if (matches(above)) {
          return true;
        }
        above.set(length - 1, Scopes.withoutMark(above.get(length - 1)));
        if (matches(above)) {
          return true;
        }
      }
      return false;
    }

    private boolean matches(int part, List<String> names, int name) {
      if (part == parts.size()) {
        return name == names.size();
      }
      if (parts.get(part).pattern == null && matches(part + 1, names, name)) {
        return true;
      }
      if (name == names.size() || !parts.get(part).matches(names.get(name))) {
        return false;
      }
      return matches(parts.get(part).pattern == null ? part : part + 1, names, name + 1);
    }

    private boolean leadsOn(int part, List<String> names, int name) {
      if (name == names.size()) {
        return part < parts.size();
      }
      if (part == parts.size()) {
        return false;
      }
      boolean anyDepth = parts.get(part).pattern == null;
      if (anyDepth && leadsOn(part + 1, names, name)) {
        return true;
      }
      return parts.get(part).matches(names.get(name))
          && leadsOn(anyDepth ? part : part + 1, names, name + 1);
    }
  }
}
