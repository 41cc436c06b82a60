/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.parameter;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.DoubleSupplier;
import org.splitmask.common.failure.Check;

/**
 * The vector that a network starts from, a piece at a time and from its first element to its last:
 * no network has to be built for it, and no more of it is in memory than what was asked for.
 */
public final class InitialParameters implements ParameterSource {
  private final Iterator<ParameterManifest.Entry> entries;
  private final long seed;
  private DoubleSupplier values =
      () -> {
        throw new NoSuchElementException("before the first tensor");
      };
  private int leftOfTensor;

  public InitialParameters(ParameterManifest layout, long seed) {
    this.entries = layout.entries().iterator();
    this.seed = seed;
  }

  /** All of them. */
  public static float[] all(ParameterManifest layout, long seed) {
    return new InitialParameters(layout, seed).next(layout.length());
  }

  @Override
  public float[] next(int count) {
    float[] next = new float[count];
    for (int i = 0; i < count; i++) {
      while (leftOfTensor == 0) {
        Check.invariant(entries.hasNext(), "asked for more elements than the vector has");
        ParameterManifest.Entry entry = entries.next();
        values = entry.spec().initial().values(entry.name(), seed);
        leftOfTensor = entry.length();
      }
      next[i] = (float) values.getAsDouble();
      leftOfTensor--;
    }
    return next;
  }
}
