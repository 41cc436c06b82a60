/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

import java.util.EnumMap;
import java.util.Map;
import org.splitmask.common.failure.Check;

/** Vectors on the heap. */
final class HeapVectors implements VectorStore {
  private final Segments segments;
  private final Map<Vector, float[][]> vectors = new EnumMap<>(Vector.class);

  HeapVectors(Segments segments) {
    this.segments = segments;
    for (Vector vector : Vector.values()) {
      vectors.put(vector, new float[segments.count()][]);
    }
  }

  @Override
  public Segments segments() {
    return segments;
  }

  @Override
  public float[] read(Vector vector, int segment) {
    float[] values = part(vector)[segment];
    return values == null ? new float[segments.length(segment)] : values;
  }

  @Override
  public void write(Vector vector, int segment, float[] values) {
    segments.checkLength(segment, values.length);
    part(vector)[segment] = values;
  }

  private float[][] part(Vector vector) {
    return Check.present(vectors.get(vector), "no %s", vector);
  }

  @Override
  public VectorStore another() {
    return new HeapVectors(segments);
  }

  @Override
  public void close() {
    vectors.replaceAll((vector, values) -> new float[values.length][]);
  }
}
