/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is probed, in the order of the report. */
public enum FeatureKind {
  /** The encoder of the run: the mean of its L outputs, nothing masked. */
  TRAINED,
  /** The same encoder before its first step. */
  RANDOM,
  /** {@link BaselineFeatures#pixels}. */
  PIXELS,
  /** {@link BaselineFeatures#histogram}. */
  HISTOGRAM;

  /** The word on the command line and in the report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of that word. */
  public static Optional<FeatureKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
