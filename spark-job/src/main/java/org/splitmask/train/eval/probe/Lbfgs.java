/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * L-BFGS for smooth convex functions (Nocedal and Wright, Numerical Optimization, algorithms 7.4
 * and 7.5), with backtracking. Spark MLlib's logistic regression starts a job for every iteration,
 * 20 to 40 ms where a product of matrices takes 1; and Breeze's minimiser under it cannot be had
 * from Java, because its type of function inherits two methods {@code apply} that no Java class can
 * implement together.
 */
final class Lbfgs {
  private static final int MEMORY = 10;
  private static final int MOST_ITERATIONS = 500;
  private static final int MOST_HALVINGS = 40;

  /** Share of the predicted decrease that a step must bring (Armijo). */
  private static final double SUFFICIENT = 1e-4;

  /** Where it stops: gradient norm against the larger of 1 and the point's norm. */
  private static final double TOLERANCE = 1e-5;

  private final Deque<Correction> corrections = new ArrayDeque<>();

  private Lbfgs() {}

  /** A differentiable function of a vector. */
  @FunctionalInterface
  interface Objective {
    /** The value at a point and the gradient there. */
    Valued at(double[] point);
  }

  /**
   * A function's value and gradient at a point.
   *
   * @param gradient as long as the point
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Valued(double value, double[] gradient) {}

  /** A step s and what it changed the gradient by, y; the curvature along it is s·y &gt; 0. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Correction(double[] step, double[] change, double curvature) {}

  /** The point where the function is smallest. */
  static double[] minimise(Objective objective, double[] start) {
    return new Lbfgs().search(objective, start);
  }

  private double[] search(Objective objective, double[] start) {
    double[] point = start;
    Valued here = objective.at(point);
    for (int i = 0; i < MOST_ITERATIONS && !flat(point, here.gradient()); i++) {
      double[] direction = direction(here.gradient());
      double slope = dot(direction, here.gradient());
      // Without memory, a first step of length 1; afterwards the direction has the right length.
      double length = corrections.isEmpty() ? Math.min(1, 1 / norm(direction)) : 1;
      double[] next = plus(point, length, direction);
      Valued there = objective.at(next);
      for (int halved = 0;
          !(there.value() <= here.value() + SUFFICIENT * length * slope);
          halved++) {
        if (halved == MOST_HALVINGS) {
          return point; // rounding hides any further decrease
        }
        length /= 2;
        next = plus(point, length, direction);
        there = objective.at(next);
      }
      remember(plus(next, -1, point), plus(there.gradient(), -1, here.gradient()));
      point = next;
      here = there;
    }
    return point;
  }

  private static boolean flat(double[] point, double[] gradient) {
    return norm(gradient) <= TOLERANCE * Math.max(1, norm(point));
  }

  private void remember(double[] step, double[] change) {
    double curvature = dot(step, change);
    if (curvature > 0) { // as convexity has it, but for rounding
      if (corrections.size() == MEMORY) {
        corrections.removeFirst();
      }
      corrections.addLast(new Correction(step, change, curvature));
    }
  }

  /** Minus the approximate inverse Hessian times the gradient. */
  private double[] direction(double[] gradient) {
    double[] direction = plus(new double[gradient.length], -1, gradient);
    double[] along = new double[corrections.size()];
    int at = corrections.size();
    for (Iterator<Correction> newest = corrections.descendingIterator(); newest.hasNext(); ) {
      Correction correction = newest.next();
      along[--at] = dot(correction.step(), direction) / correction.curvature();
      add(direction, -along[at], correction.change());
    }
    if (!corrections.isEmpty()) {
      Correction last = corrections.getLast();
      double scale = last.curvature() / dot(last.change(), last.change());
      add(direction, scale - 1, direction.clone());
    }
    for (Correction correction : corrections) {
      double back = dot(correction.change(), direction) / correction.curvature();
      add(direction, along[at++] - back, correction.step());
    }
    return direction;
  }

  private static double norm(double[] vector) {
    return Math.sqrt(dot(vector, vector));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] plus(double[] a, double scale, double[] b) {
    double[] sum = a.clone();
    add(sum, scale, b);
    return sum;
  }

  private static void add(double[] sum, double scale, double[] b) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += scale * b[i];
    }
  }
}
