/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.RejectionReason;
import org.splitmask.prep.source.item.BrokenItemException;
import org.splitmask.prep.source.item.BrokenItemException.Kind;

class ReadFailureTest {
  @Test
  void everyWayInWhichAnItemIsBrokenHasItsReason() throws IOException {
    assertThat(ReadFailure.refused(new BrokenItemException(Kind.TRUNCATED, "it is cut")))
        .isEqualTo(new Refused(RejectionReason.TRUNCATED, "it is cut"));
    assertThat(ReadFailure.refused(new BrokenItemException(Kind.EMPTY, "no bytes")).reason())
        .isEqualTo(RejectionReason.EMPTY);
    assertThat(ReadFailure.refused(new BrokenItemException(Kind.UNSUPPORTED, "a lock")).reason())
        .isEqualTo(RejectionReason.UNSUPPORTED_FORMAT);
    assertThat(ReadFailure.refused(new BrokenItemException(Kind.UNREADABLE, "odd")).reason())
        .isEqualTo(RejectionReason.UNREADABLE);
    assertThat(ReadFailure.refused(new FileNotFoundException("a.jpg")))
        .isEqualTo(new Refused(RejectionReason.UNREADABLE, "it is gone"));
  }

  @Test
  void aFailureOfTheStorageIsThrownToBeTriedAgain() {
    IOException failure = new IOException("read timed out");

    assertThatThrownBy(() -> ReadFailure.refused(failure)).isSameAs(failure);
  }
}
