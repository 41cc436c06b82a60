/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import java.io.PrintStream;
import java.util.function.LongSupplier;

/**
 * Where people read, and the clock that progress is measured with; made by the apps.
 *
 * @param nanoTime monotonic nanoseconds
 */
public record Console(Progress.Display display, PrintStream err, LongSupplier nanoTime) {
  /** Starts showing how far a piece of work is. */
  public Progress progress(String task, String unit, long total) {
    return new Progress(task, unit, total, display, err, nanoTime);
  }
}
