/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.util.Locale;
import java.util.Optional;

/** A classifier on frozen features. */
public enum Probe {
  /** {@link NearestNeighbours}. */
  KNN {
    @Override
    public ProbeScore score(LabelledSplits splits) {
      return NearestNeighbours.score(splits);
    }
  },
  /** {@link LinearProbe}. */
  LINEAR {
    @Override
    public ProbeScore score(LabelledSplits splits) {
      return LinearProbe.score(splits);
    }
  };

  public abstract ProbeScore score(LabelledSplits splits);

  /** The word on the command line and in the report. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The probe of that word. */
  public static Optional<Probe> of(String word) {
    for (Probe probe : values()) {
      if (probe.word().equals(word)) {
        return Optional.of(probe);
      }
    }
    return Optional.empty();
  }
}
