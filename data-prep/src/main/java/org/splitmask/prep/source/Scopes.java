/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source;

import java.io.Serializable;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.GlobPattern;

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
   * @param folder the part before the first wildcard
   * @param pattern one for each level below it
   */
  record Glob(String folder, List<String> pattern) implements Serializable {
    Glob {
      pattern = List.copyOf(pattern);
    }

    private boolean covers(String path) {
      if (!SourceFiles.isUnder(path, folder)) {
        return false;
      }
      String[] below = path.substring(folder.length()).replaceFirst("^/", "").split("/", -1);
      boolean matches = below.length >= pattern.size();
      for (int i = 0; matches && i < pattern.size(); i++) {
        String name = i == pattern.size() - 1 ? withoutMark(below[i]) : below[i];
        matches = new GlobPattern(pattern.get(i)).matches(name);
      }
      return matches;
    }
  }

  /** Whether a path, or a folder or container that it lies in, is among the inputs. */
  public boolean cover(String path) {
    if (paths.contains(path)) {
      return true;
    }
    for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      String above = path.substring(0, end);
      if (paths.contains(above)
          || paths.contains(withoutMark(above))
          || paths.contains(above + "/")) {
        return true;
      }
    }
    return globs.stream().anyMatch(glob -> glob.covers(path));
  }

  /** A container's name has a mark behind it in the paths of its entries. */
  private static String withoutMark(String name) {
    return name.endsWith("!") ? name.substring(0, name.length() - 1) : name;
  }
}
