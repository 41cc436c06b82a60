/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.splitmask.train.ReferenceCase;

/**
 * The engine against the stored results of the independent PyTorch reference. {@code
 * TorchReferenceIT} makes larger ones anew where there is PyTorch.
 */
class TorchReferenceTest {
  static Stream<String> cases() {
    return Stream.concat(
        List.of("learned-opposite", "sincos-both").stream(), ReferenceCase.storedMatrix().stream());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsLossesAndGradientsAgree(String name) {
    TorchReference.assertAgrees(ReferenceCase.read(name));
  }
}
