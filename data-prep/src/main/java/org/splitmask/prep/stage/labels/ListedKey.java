/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.List;
import org.splitmask.prep.source.item.SourceItem;

/**
 * Brings a line of a label file together with all files that it may mean: they have equal keys. So
 * each key can be decided by itself, wherever its lines and files meet. Other files rarely share a
 * key.
 *
 * @param kinds of the whole file
 */
public record ListedKey(PathKinds kinds) implements Serializable {
  /** The key of a line. */
  public String of(ListedLine line) {
    return coarse(line.path());
  }

  /** The keys of a file: a second one where lines may have its name in two ways. */
  public List<String> of(SourceItem item) {
    String below = item.relativePath();
    if (!kinds.absolute()) {
      return List.of(coarse(below));
    }
    String whole = coarse(item.path());
    // An archive's entry, for one, may have a name that looks like a whole path.
    return kinds.relative() || ListedPath.isAbsolute(ListedPath.loosely(below))
        ? List.of(coarse(below), whole)
        : List.of(whole);
  }

  /**
   * A path without all that {@link LinesOfKey} overlooks in some case: a scheme and host, Unicode's
   * normal form, blanks around it, escapes, kinds of slashes.
   */
  static String coarse(String path) {
    String bare = ListedPath.bare(path);
    if (ListedPath.isPlain(bare)) {
      return bare;
    }
    String decoded = ListedPath.bare(ListedPath.loosely(path));
    String before;
    do { // each time it becomes shorter
      before = decoded;
      decoded = ListedPath.decoded(before);
    } while (!decoded.equals(before));
    return ListedPath.loosely(ListedPath.steps(decoded.replace('\\', '/')));
  }
}
