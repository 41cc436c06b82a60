/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.Scopes;
import org.splitmask.prep.source.item.Finding;

/** Which rows are hidden by what cannot be opened, row by row. */
final class HiddenPaths {
  private HiddenPaths() {}

  /**
   * Whether a file was looked for and not found. A row whose path has another one now is
   * superseded, and nothing hides its file.
   */
  static boolean isMissed(Candidate candidate) {
    return candidate instanceof Candidate.Gone row && row.input() != null;
  }

  static String path(Candidate missed) {
    return ((Candidate.Gone) missed).known().file().path();
  }

  /**
   * What may hide a missed file: each folder and container that it lies in, the innermost first.
   */
  static List<String> above(Candidate missed) {
    return Scopes.above(path(missed));
  }

  /** Of two that hide the same file, the nearer one, so that rows are counted for their archive. */
  static String nearer(String one, String other) {
    return one.length() >= other.length() ? one : other;
  }

  /** A missed row as it is judged: nobody could look for a hidden file, so that it is not gone. */
  static Candidate judged(Candidate missed, @Nullable String hiddenBy) {
    return hiddenBy == null
        ? missed
        : new Candidate.Retained(((Candidate.Gone) missed).known(), hiddenBy);
  }

  /** Archives that hold more than is found in them. */
  static List<String> damaged(List<Finding.Damage> damages) {
    return damages.stream().map(Finding.Damage::container).distinct().toList();
  }
}
