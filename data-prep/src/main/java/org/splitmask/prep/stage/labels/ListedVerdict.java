/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/**
 * What is wrong with a label file, of which there is little to keep however many lines it has.
 *
 * @param fault the first one
 * @param unknown how many lines mean no file
 * @param first the first few of them
 */
public record ListedVerdict(@Nullable ListedFault fault, long unknown, List<Unknown> first)
    implements Serializable {
  /** Before any line was looked at. */
  public static final ListedVerdict NOTHING = new ListedVerdict(null, 0, List.of());

  private static final int NAMED = 3;

  /** A line that means no file. */
  record Unknown(int line, String path) implements Serializable {}

  /** The verdict on one key. */
  public static ListedVerdict of(LinesOfKey.Decision decision) {
    if (decision.faults().isEmpty() && decision.unknown().isEmpty()) {
      return NOTHING; // of millions of keys nearly all
    }
    List<Unknown> unknown =
        decision.unknown().stream()
            .limit(NAMED) // they are in the order of their lines
            .map(line -> new Unknown(line.number(), line.path()))
            .toList();
    return new ListedVerdict(
        decision.faults().stream().min(Comparator.naturalOrder()).orElse(null),
        decision.unknown().size(),
        unknown);
  }

  /** The verdict on what lines say of one file. */
  public static ListedVerdict of(String labels, FileClaim claim) {
    ListedFault fault = claim.fault(labels);
    return fault == null ? NOTHING : new ListedVerdict(fault, 0, List.of());
  }

  /** Both together. */
  public ListedVerdict plus(ListedVerdict other) {
    if (isClean() || other.isClean()) {
      return isClean() ? other : this;
    }
    List<Unknown> few =
        Stream.concat(first.stream(), other.first.stream())
            .sorted(Comparator.comparingInt(Unknown::line))
            .limit(NAMED)
            .toList();
    return new ListedVerdict(earlier(fault, other.fault), unknown + other.unknown, few);
  }

  private boolean isClean() {
    return fault == null && unknown == 0;
  }

  private static @Nullable ListedFault earlier(@Nullable ListedFault a, @Nullable ListedFault b) {
    return a == null || (b != null && b.compareTo(a) < 0) ? b : a;
  }

  /**
   * Refuses a label file with a fault, or with paths that are no files.
   *
   * @param near asked for names like those that are not there
   */
  public void check(String labels, UnaryOperator<List<String>> near) {
    if (fault != null) {
      throw new SplitMaskException(Blame.DATA, fault.message());
    }
    if (unknown == 0) {
      return;
    }
    List<String> like = near.apply(first.stream().map(Unknown::path).toList());
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      String there = like.get(i).isEmpty() ? "" : "; there is " + like.get(i);
      shown.add(first.get(i).path() + " (line " + first.get(i).line() + there + ")");
    }
    throw Check.failure(
        Blame.DATA,
        "%d paths of the label file %s are no files below --input, such as %s; paths are relative"
            + " to the input folder, or absolute; names that begin with a dot are not seen",
        unknown,
        labels,
        shown);
  }
}
