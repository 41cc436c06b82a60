/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.splitmask.prep.source.item.SourceItem;

/** For a path that is not there, one that may have been meant: for messages alone. */
public final class NearPaths {
  private NearPaths() {}

  /** For each path the nearest file, or nothing. */
  static List<String> of(List<String> paths, Iterator<SourceItem> files) {
    return nearest(paths, search(paths, files));
  }

  /** For each path the nearest of what was found in all parts of the files, or nothing. */
  public static List<String> nearest(List<String> paths, List<Near> found) {
    List<String> nearest = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      Near best = null;
      for (Near near : found) {
        if (near.index == i && (best == null || near.isBefore(best))) {
          best = near;
        }
      }
      nearest.add(best == null ? "" : best.path);
    }
    return nearest;
  }

  /**
   * A file that may be meant.
   *
   * @param rank 0 where capitals, blanks, slashes or escapes differ, 1 where the folder does
   */
  public record Near(int index, int rank, String path) implements Serializable {
    private boolean isBefore(Near other) {
      return rank == other.rank ? path.compareTo(other.path) < 0 : rank < other.rank;
    }
  }

  /** For each path the nearest of a part of the files. */
  public static List<Near> search(List<String> paths, Iterator<SourceItem> files) {
    List<String> wanted = paths.stream().map(NearPaths::folded).toList();
    Near[] best = new Near[wanted.size()];
    while (files.hasNext()) {
      String path = files.next().relativePath();
      String folded = folded(path);
      for (int i = 0; i < best.length; i++) {
        int rank = rank(wanted.get(i), folded);
        Near near = new Near(i, rank, path);
        if (rank >= 0 && (best[i] == null || near.isBefore(best[i]))) {
          best[i] = near;
        }
      }
    }
    return Arrays.stream(best).filter(Objects::nonNull).toList();
  }

  private static int rank(String wanted, String there) {
    if (wanted.equals(there)) {
      return 0;
    }
    return name(wanted).equals(name(there)) ? 1 : -1;
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String folded(String path) {
    String decoded = ListedPath.decoded(path).replace('\\', '/');
    return LookAlikes.folded(ListedPath.steps(decoded));
  }
}
