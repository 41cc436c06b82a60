/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * A vector in pieces of bounded size. What travels between driver and workers, and what the driver
 * holds at a time, is a piece: a model may be larger than Spark's limit on results
 * (spark.driver.maxResultSize, 1 GiB), than a Java array's 2 GiB, and than the driver's heap.
 *
 * @param length of the vector
 * @param size of each segment but for the last, which may be shorter
 */
public record Segments(int length, int size) implements Serializable {
  /**
   * Elements of a segment: with Adam's two moments 24 MiB travel at a time. Models up to 417
   * million parameters have at most 199 segments, up to which Spark's shuffle writes them without
   * sorting.
   */
  public static final int SIZE = 1 << 21;

  public Segments {
    Check.invariant(length >= 0 && size > 0, "%d elements in segments of %d", length, size);
  }

  /** A vector in segments of {@link #SIZE}. */
  public static Segments of(int length) {
    return new Segments(length, SIZE);
  }

  /** How many there are. */
  public int count() {
    return (int) (((long) length + size - 1) / size);
  }

  /** The place of a segment's first element in the vector. */
  public int from(int segment) {
    return segment * size;
  }

  /** The elements of a segment. */
  public int length(int segment) {
    return (int) Math.min(size, length - (long) segment * size);
  }

  /** Refuses a segment of another length. */
  void checkLength(int segment, int found) {
    Check.invariant(
        found == length(segment),
        "segment %d has %d elements, not %d",
        segment,
        length(segment),
        found);
  }
}
