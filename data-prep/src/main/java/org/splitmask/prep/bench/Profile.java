/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.bench;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Where the time of tasks went, as far as looking now and then tells. */
public final class Profile {
  private final Map<Stage, Long> stages = new EnumMap<>(Stage.class);
  private final Map<String, Long> methods = new HashMap<>();

  /** A stack that was seen, for the time since the last look. */
  void add(StackTraceElement[] stack, long nanos) {
    List<String> classes = List.of(stack).stream().map(StackTraceElement::getClassName).toList();
    stages.merge(Stage.of(classes), nanos, Long::sum);
    methods.merge(stack[0].getClassName() + "." + stack[0].getMethodName(), nanos, Long::sum);
  }

  /** Nanoseconds that tasks spent in a stage, all threads together. */
  public long nanos(Stage stage) {
    return stages.getOrDefault(stage, 0L);
  }

  /** Nanoseconds that tasks ran, all threads together. */
  public long nanos() {
    return stages.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The innermost methods that took the most, with their nanoseconds. */
  public List<Map.Entry<String, Long>> hottest(int count) {
    return methods.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(count)
        .toList();
  }
}
