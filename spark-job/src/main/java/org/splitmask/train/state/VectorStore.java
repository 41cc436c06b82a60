/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.nio.file.Path;

/**
 * The vectors of a run on the driver, read and written a segment at a time: small ones on the heap,
 * large ones in a scratch file, so that the driver's heap does not have to hold a model. What was
 * never written is zero. Who makes one closes it.
 */
public interface VectorStore extends AutoCloseable {
  /** Which vector; all have the layout of θ. */
  enum Vector {
    /** θ. */
    PARAMETERS,
    /** Adam's m. */
    FIRST_MOMENT,
    /** Adam's v. */
    SECOND_MOMENT,
    /** v of the outer step. */
    VELOCITY
  }

  /** A part of the heap's bound that the vectors of two rounds may take; the rest is for Spark. */
  int HEAP_SHARE = 4;

  /**
   * A store of zeros.
   *
   * @param length of each vector
   * @param heapBytes the bound of the heap, {@code Runtime.maxMemory()}
   * @param scratch the folder for a scratch file
   */
  static VectorStore create(int length, long heapBytes, Path scratch) {
    Segments segments = Segments.of(length);
    long twoRounds = 2L * Vector.values().length * Float.BYTES * length;
    return twoRounds <= heapBytes / HEAP_SHARE
        ? new HeapVectors(segments)
        : new FileVectors(segments, scratch);
  }

  /** How the vectors are cut. */
  Segments segments();

  /** A segment of a vector; not to be written to. */
  float[] read(Vector vector, int segment);

  /** Replaces a segment; the values are not copied, and not to be written to afterwards. */
  void write(Vector vector, int segment, float[] values);

  /** A store of zeros of the same kind and length. */
  VectorStore another();

  /** Frees the memory or the file. */
  @Override
  void close();

  /** Replaces a segment of θ and, where there are any, of Adam's moments. */
  default void write(int segment, StateSegment values) {
    write(Vector.PARAMETERS, segment, values.parameters());
    if (values.hasMoments()) {
      write(Vector.FIRST_MOMENT, segment, values.firstMoment());
      write(Vector.SECOND_MOMENT, segment, values.secondMoment());
    }
  }

  /** A segment of θ and of Adam's moments. */
  default StateSegment read(int segment) {
    return new StateSegment(
        read(Vector.PARAMETERS, segment),
        read(Vector.FIRST_MOMENT, segment),
        read(Vector.SECOND_MOMENT, segment));
  }
}
