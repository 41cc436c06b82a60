/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.util.AccumulatorV2;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts sidecars that could not be used, and keeps a few of them with the reasons. */
final class IgnoredSidecars extends AccumulatorV2<String, List<String>> {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(IgnoredSidecars.class);
  private static final int NAMED = 3;

  private long count;
  private final ArrayList<String> examples = new ArrayList<>();

  static IgnoredSidecars of(SparkContext spark) {
    IgnoredSidecars ignored = new IgnoredSidecars();
    spark.register(ignored, "ignored sidecars");
    return ignored;
  }

  /** Says how many there were, if there were any. */
  void warn() {
    if (count > 0) {
      LOG.warn(
          "{} sidecars (.cls, .json, .txt) could not be used, and their pictures have no label or"
              + " split from them; such as {}",
          count,
          String.join("; ", examples));
    }
  }

  long count() {
    return count;
  }

  @Override
  public boolean isZero() {
    return count == 0;
  }

  @Override
  public IgnoredSidecars copy() {
    IgnoredSidecars copy = new IgnoredSidecars();
    copy.merge(this);
    return copy;
  }

  @Override
  public void reset() {
    count = 0;
    examples.clear();
  }

  @Override
  public void add(String nameAndReason) {
    count++;
    keep(nameAndReason);
  }

  @Override
  public void merge(AccumulatorV2<String, List<String>> other) {
    count += other instanceof IgnoredSidecars more ? more.count : 0;
    other.value().forEach(this::keep);
  }

  @Override
  public List<String> value() {
    return List.copyOf(examples);
  }

  private void keep(String example) {
    if (examples.size() < NAMED) {
      examples.add(example);
    }
  }
}
