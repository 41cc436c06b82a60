/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.file.SourceFiles;

/**
 * What the inputs of a run cover: what a table knows there, and is not found any more, is gone.
 * Lists of paths cover nothing: what a list no longer names may be there as ever.
 *
 * @param paths folders, with all that is below them; files; containers and tables with their rows
 */
public record Scopes(Set<String> paths, List<Glob> globs) implements Serializable {
  public Scopes {
    paths = Set.copyOf(paths);
    globs = List.copyOf(globs);
  }

  /**
   * A glob.
   *
   * @param glob as the user wrote it
   * @param folder the part before the first wildcard
   * @param path what is below it
   */
  record Glob(String glob, String folder, GlobPath path) implements Serializable {
    private boolean covers(String file) {
      return SourceFiles.isUnder(file, folder)
          && path.matcher().covers(GlobPath.below(file, folder));
    }
  }

  /** The input that a path, or a folder or container that it lies in, belongs to. */
  public @Nullable String covering(String path) {
    if (paths.contains(path)) {
      return path;
    }
    for (String above : above(path)) {
      // A filesystem's root has a slash behind it.
      for (String input : List.of(above, above + "/")) {
        if (paths.contains(input)) {
          return input;
        }
      }
    }
    for (Glob glob : globs) {
      if (glob.covers(path)) {
        return glob.glob();
      }
    }
    return null;
  }

  /** The roots of what is found for an input; a glob with alternatives has several. */
  public List<String> rootsOf(String input) {
    List<String> folders =
        globs.stream().filter(glob -> glob.glob().equals(input)).map(Glob::folder).toList();
    return folders.isEmpty() ? List.of(input) : folders;
  }

  /** The folders and containers that a path lies in, the innermost first. */
  public static List<String> above(String path) {
    List<String> above = new ArrayList<>();
    for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      String folder = path.substring(0, end);
      above.add(folder);
      if (folder.endsWith("!")) {
        above.add(withoutMark(folder));
      }
    }
    return above;
  }

  /** A container's name has a mark behind it in the paths of its entries. */
  static String withoutMark(String name) {
    return name.endsWith("!") ? name.substring(0, name.length() - 1) : name;
  }
}
