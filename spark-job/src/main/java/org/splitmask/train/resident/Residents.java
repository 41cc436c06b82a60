/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.resident;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;

/**
 * The newest job's resident of this JVM. Static, because Spark gives tasks nothing else that
 * outlives them. Only one is kept: when a task of another job comes, the older job's resident is
 * closed.
 */
public final class Residents {
  private static @Nullable String job;
  private static @Nullable AutoCloseable resident;

  private Residents() {}

  /**
   * This JVM's resident of a job, made when its first task comes.
   *
   * @param newest the job; its name is its own in the whole cluster
   */
  public static synchronized <T extends AutoCloseable> T of(
      String newest, Class<? super T> type, Supplier<T> maker) {
    if (!newest.equals(job)) {
      closeCurrent();
      resident = maker.get();
      job = newest;
    }
    Check.invariant(type.isInstance(resident), "job %s has residents of two kinds", newest);
    @SuppressWarnings("unchecked") // it was made by such a maker
    T current = (T) Check.present(resident, "no resident of %s", newest);
    return current;
  }

  /** Frees what this JVM keeps of a job, if it keeps anything. */
  public static synchronized void close(String finished) {
    if (finished.equals(job)) {
      closeCurrent();
    }
  }

  private static void closeCurrent() {
    AutoCloseable former = resident;
    resident = null; // first: whatever closing does, the next job has its own
    job = null;
    if (former != null) {
      close(former);
    }
  }

  /** Closes all of them, whatever one of them does. */
  static void closeAll(List<? extends AutoCloseable> resources) {
    RuntimeException failure = null;
    for (AutoCloseable resource : resources) {
      try {
        close(resource);
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  static void close(AutoCloseable resource) {
    try {
      resource.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("cannot close " + resource, e);
    }
  }
}
