/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.resident;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Things that are dear to make and used by one task at a time. As many are made as there are tasks
 * at once. After closing, what is idle is closed, and what is lent out is closed when it comes
 * back.
 */
public final class Lending<T extends AutoCloseable> implements AutoCloseable {
  private final Supplier<? extends T> maker;
  private final Deque<T> idle = new ArrayDeque<>();
  private boolean closed;

  public Lending(Supplier<? extends T> maker) {
    this.maker = maker;
  }

  /** One that nobody else uses. */
  public T borrow() {
    T here = poll();
    return here == null ? maker.get() : here;
  }

  private synchronized @Nullable T poll() {
    return idle.poll();
  }

  /** Takes back what was borrowed. What failed is not given back. */
  public void giveBack(T lent) {
    if (!keep(lent)) {
      Residents.close(lent);
    }
  }

  private synchronized boolean keep(T lent) {
    if (!closed) {
      idle.push(lent);
    }
    return !closed;
  }

  @Override
  public void close() {
    List<T> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(idle);
      idle.clear();
    }
    Residents.closeAll(left);
  }
}
