/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.splitmask.prep.image.RejectionReason;

/** Counts of what became of files, with a few examples of bad ones. */
final class Tally implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int EXAMPLES = 5;

  private final Map<String, Long> rejectedByReason = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();
  private long accepted;

  void accept() {
    accepted++;
  }

  void reject(String path, RejectionReason reason, String detail) {
    rejectedByReason.merge(reason.word(), 1L, Long::sum);
    if (reason != RejectionReason.DUPLICATE && examples.size() < EXAMPLES) {
      examples.add(path + " (" + reason.word() + ": " + detail + ")");
    }
  }

  void add(Tally other) {
    accepted += other.accepted;
    other.rejectedByReason.forEach((reason, n) -> rejectedByReason.merge(reason, n, Long::sum));
    other.examples.stream().limit(EXAMPLES - examples.size()).forEach(examples::add);
  }

  long accepted() {
    return accepted;
  }

  long rejected() {
    return rejectedByReason.values().stream().mapToLong(Long::longValue).sum();
  }

  long duplicates() {
    return rejectedByReason.getOrDefault(RejectionReason.DUPLICATE.word(), 0L);
  }

  /** Sorted by reason. */
  Map<String, Long> rejectedByReason() {
    return rejectedByReason;
  }

  List<String> examples() {
    return examples;
  }

  /** What max-rejected-share limits: duplicates are good pictures, only twice. */
  double badShare() {
    long found = accepted + rejected();
    return found == 0 ? 0 : (double) (rejected() - duplicates()) / found;
  }
}
