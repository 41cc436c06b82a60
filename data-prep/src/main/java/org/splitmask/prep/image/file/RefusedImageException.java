/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.file;

import java.util.Locale;

/** How the readers of files stop: the file is refused for one of the listed reasons. */
public final class RefusedImageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectionReason reason;

  public RefusedImageException(RejectionReason reason, String detail, Object... arguments) {
    // Without a stack trace: bad files are ordinary, and there may be millions.
    super(String.format(Locale.ROOT, detail, arguments), null, false, false);
    this.reason = reason;
  }

  public RejectionReason reason() {
    return reason;
  }
}
