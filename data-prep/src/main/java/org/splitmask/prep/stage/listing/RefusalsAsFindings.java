/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.item.Finding;

/**
 * What a listing finds, with a refusal as the last of it. Thrown in a task, it would be tried again
 * and told with its trace, before the driver can say it in one line.
 */
final class RefusalsAsFindings implements Iterator<Finding> {
  private @Nullable Iterator<Finding> listing;
  private @Nullable Finding next;

  /** Makes a listing. */
  interface Opening {
    Iterator<Finding> open() throws IOException;
  }

  RefusalsAsFindings(Opening opening) throws IOException {
    try {
      listing = opening.open();
    } catch (SplitMaskException refused) {
      next = Finding.Refusal.of(refused);
    }
  }

  @Override
  public boolean hasNext() {
    Iterator<Finding> rest = listing;
    if (next == null && rest != null) {
      try {
        next = rest.hasNext() ? rest.next() : null;
      } catch (SplitMaskException refused) {
        next = Finding.Refusal.of(refused);
        listing = null;
      }
    }
    return next != null;
  }

  @Override
  public Finding next() {
    Finding found = hasNext() ? next : null;
    if (found == null) {
      throw new NoSuchElementException();
    }
    next = null;
    return found;
  }
}
