/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.util.Locale;
import java.util.Optional;

/** What a picture is for. The table is partitioned by it. */
public enum Split {
  /** Pre-training, and the fitting of probes. */
  TRAIN,
  /** The choice of settings. */
  VALIDATION,
  /** The reported score; looked at last. */
  TEST;

  /** The word in the table: train, validation, test. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The split of that word, as the table has it. */
  public static Optional<Split> of(String word) {
    for (Split split : values()) {
      if (split.word().equals(word)) {
        return Optional.of(split);
      }
    }
    return Optional.empty();
  }

  /**
   * The split that people mean by a word: in any case, with blanks around it, and under its usual
   * other names. "eval" is none of them: it is said of validation as often as of test.
   */
  public static Optional<Split> named(String word) {
    return switch (word.strip().toLowerCase(Locale.ROOT)) {
      case "train", "training" -> Optional.of(TRAIN);
      case "validation", "valid", "val", "dev" -> Optional.of(VALIDATION);
      case "test", "testing" -> Optional.of(TEST);
      default -> Optional.empty();
    };
  }
}
