/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.openblas.presets.openblas_nolapack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class FewThreadsTest {
  @BeforeEach
  void twoThreads() {
    Nd4j.getBlasWrapper();
    openblas_nolapack.blas_set_num_threads(2);
  }

  @AfterEach
  void oneThreadAsInAllTests() {
    openblas_nolapack.blas_set_num_threads(1);
  }

  @Test
  void smallProductsGetOneThreadUntilClosed() {
    try (FewThreads threads = FewThreads.forProductsOf(1000)) {
      assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(1);
    }
    assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(2);
  }

  @Test
  void largeProductsKeepTheirThreads() {
    try (FewThreads threads = FewThreads.forProductsOf(1L << 40)) {
      assertThat(openblas_nolapack.blas_get_num_threads()).isEqualTo(2);
    }
  }
}
