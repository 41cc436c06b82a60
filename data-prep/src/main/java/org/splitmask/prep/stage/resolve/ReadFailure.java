/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import java.io.IOException;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.SourceReader;

/** What a failed reading makes of an item. */
final class ReadFailure {
  private ReadFailure() {}

  /** Why the item is rejected; throws on what is the storage's failure, so that it is retried. */
  static Refused refused(IOException failure) throws IOException {
    if (!SourceReader.isOfTheItem(failure)) {
      throw failure;
    }
    RejectionReason reason =
        failure instanceof BrokenItemException broken
            ? switch (broken.kind()) {
              case TRUNCATED -> RejectionReason.TRUNCATED;
              case EMPTY -> RejectionReason.EMPTY;
              case UNSUPPORTED -> RejectionReason.UNSUPPORTED_FORMAT;
              case UNREADABLE -> RejectionReason.UNREADABLE;
            }
            : RejectionReason.UNREADABLE;
    return new Refused(reason, SourceReader.describe(failure));
  }
}
