/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.Locale;

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

  /** The word in the report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
