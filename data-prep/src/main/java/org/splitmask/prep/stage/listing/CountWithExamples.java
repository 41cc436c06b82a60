/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/** A count of things, a few of which are named. */
final class CountWithExamples implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int EXAMPLES = 3;

  private final List<String> examples = new ArrayList<>(EXAMPLES);
  private long count;

  /** Adds so many, one of which has the name. */
  void add(String name, long times) {
    count += times;
    if (examples.size() < EXAMPLES) {
      examples.add(name);
    }
  }

  void add(CountWithExamples other) {
    count += other.count;
    other.examples.stream().limit(EXAMPLES - examples.size()).forEach(examples::add);
  }

  long count() {
    return count;
  }

  List<String> examples() {
    return examples;
  }
}
