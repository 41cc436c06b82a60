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

  /** The word in the table and in label files: train, validation, test. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The split of that word. */
  public static Optional<Split> of(String word) {
    for (Split split : values()) {
      if (split.word().equals(word)) {
        return Optional.of(split);
      }
    }
    return Optional.empty();
  }
}
