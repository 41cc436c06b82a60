/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.util.Arrays;

/** Vectors on the heap. */
final class HeapVectors implements VectorStore {
  private final Segments segments;
  private final float[][][] vectors;

  HeapVectors(Segments segments) {
    this.segments = segments;
    this.vectors = new float[Vector.values().length][segments.count()][];
  }

  @Override
  public Segments segments() {
    return segments;
  }

  @Override
  public float[] read(Vector vector, int segment) {
    float[] values = vectors[vector.ordinal()][segment];
    return values == null ? new float[segments.length(segment)] : values;
  }

  @Override
  public void write(Vector vector, int segment, float[] values) {
    segments.checkLength(segment, values.length);
    vectors[vector.ordinal()][segment] = values;
  }

  @Override
  public VectorStore another() {
    return new HeapVectors(segments);
  }

  @Override
  public void close() {
    for (float[][] vector : vectors) {
      Arrays.fill(vector, null);
    }
  }
}
