/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.state;

/** The distance of two states. */
public final class Distance {
  private Distance() {}

  /** ‖θ_b − θ_a‖, summed in double; not finite where an element is not. */
  public static double between(ModelState a, ModelState b) {
    double sum = 0;
    for (int s = 0; s < a.segments().count(); s++) {
      sum += squared(a.parameters(s), b.parameters(s));
    }
    return Math.sqrt(sum);
  }

  /** The squared distance of two segments. */
  public static double squared(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (double) b[i] - a[i];
      sum += difference * difference;
    }
    return sum;
  }
}
