/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.task;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.splitmask.common.failure.Check;

/**
 * What a step says of itself.
 *
 * @param total the loss that is minimised
 * @param named the task's own figures, in the order of the task
 */
public record StepFigures(double total, Map<String, Double> named) implements Serializable {
  public StepFigures {
    named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
  }

  /** A figure of the task. */
  public double get(String name) {
    return Check.present(named.get(name), "there is no figure %s", name);
  }

  /** All of them weighted, so that mini-batches can be averaged. */
  public StepFigures times(double weight) {
    Map<String, Double> weighted = new LinkedHashMap<>();
    named.forEach((name, value) -> weighted.put(name, weight * value));
    return new StepFigures(weight * total, weighted);
  }

  /** The sum of what was weighted. */
  public StepFigures plus(StepFigures other) {
    Map<String, Double> sums = new LinkedHashMap<>();
    named.forEach((name, value) -> sums.put(name, value + other.get(name)));
    return new StepFigures(total + other.total, sums);
  }
}
