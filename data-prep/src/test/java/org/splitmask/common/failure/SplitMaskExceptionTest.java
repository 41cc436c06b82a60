/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class SplitMaskExceptionTest {
  @Test
  void ourOwnBlameIsFoundInsideAnything() {
    Throwable ours = Check.failure(Blame.DATA, "bad %s", "row");

    assertThat(blameOf(new SparkException("job aborted", ours))).isEqualTo(Blame.DATA);
    assertThat(blameOf(new IllegalStateException(ours))).isEqualTo(Blame.DATA);
  }

  @Test
  void storageAndClusterAreWorthARetry() {
    assertThat(blameOf(new IOException("disk full"))).isEqualTo(Blame.CLUSTER);
    assertThat(blameOf(new UncheckedIOException(new IOException()))).isEqualTo(Blame.CLUSTER);
    assertThat(blameOf(new RuntimeException(new RemoteException("x", "y"))))
        .isEqualTo(Blame.CLUSTER);
    assertThat(blameOf(new OutOfMemoryError("Java heap space"))).isEqualTo(Blame.CLUSTER);
    assertThat(blameOf(new SparkException("executor lost", null))).isEqualTo(Blame.CLUSTER);
    assertThat(blameOf(new SparkException("job aborted", new IOException())))
        .isEqualTo(Blame.CLUSTER);
  }

  @Test
  void aNullPointerIsADefectWhereverItHappens() {
    assertThat(blameOf(new NullPointerException())).isEqualTo(Blame.BUG);
    assertThat(blameOf(new SparkException("job aborted", new NullPointerException())))
        .isEqualTo(Blame.BUG);
  }

  private static Blame blameOf(Throwable failure) {
    return SplitMaskException.blameOf(failure);
  }
}
