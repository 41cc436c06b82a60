/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.util.Locale;

/** How the readers of this package stop; leaves it as a {@link DecodeResult.Refused}. */
final class RefusedImageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final RejectionReason reason;

  RefusedImageException(RejectionReason reason, String detail, Object... arguments) {
    // Without a stack trace: bad files are ordinary, and there may be millions.
    super(String.format(Locale.ROOT, detail, arguments), null, false, false);
    this.reason = reason;
  }

  RejectionReason reason() {
    return reason;
  }

  DecodeResult.Refused result() {
    return new DecodeResult.Refused(reason, String.valueOf(getMessage()));
  }
}
