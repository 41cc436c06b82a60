/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.source.item;

import java.io.IOException;

/** An item that can never be read, however often one tries; its message is for the table. */
public final class BrokenItemException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /** In what way it is broken. */
  public enum Kind {
    /** It is not what its container says, or cannot be reached. */
    UNREADABLE,
    /** Its container ends before it does. */
    TRUNCATED,
    /** It has no bytes. */
    EMPTY,
    /** It is whole, and of a kind that is not read. */
    UNSUPPORTED
  }

  public BrokenItemException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }

  /** Bad items are ordinary, and there may be millions: no trace. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
