/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Maps elements to any number of others, one at a time, and closes what it reads with at the end.
 */
final class ClosingIterator<I, O> implements Iterator<O> {
  private final Iterator<I> input;
  private final Step<I, O> step;
  private final Closeable resource;
  private Iterator<O> ready = Collections.emptyIterator();

  ClosingIterator(Closeable resource, Iterator<I> input, Step<I, O> step) {
    this.resource = resource;
    this.input = input;
    this.step = step;
    // A task that fails or is killed does not read to the end.
    TaskCompletionListener atEnd = context -> close();
    TaskContext.get().addTaskCompletionListener(atEnd);
  }

  /** What is done with an element. */
  interface Step<I, O> {
    List<O> apply(I element) throws IOException;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && input.hasNext()) {
      try {
        ready = step.apply(input.next()).iterator();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return ready.hasNext();
  }

  @Override
  public O next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }

  private void close() {
    try {
      resource.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
