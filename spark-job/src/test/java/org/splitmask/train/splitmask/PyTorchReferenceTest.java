/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.splitmask.train.ReferenceCase;

/**
 * The network against the stored results of the independent PyTorch reference. {@code ReferenceIT}
 * makes larger ones anew where there is PyTorch.
 */
class PyTorchReferenceTest {
  static Stream<String> cases() {
    return Stream.concat(
        List.of("learned-opposite", "sincos-both").stream(), ReferenceCase.storedMatrix().stream());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void outputsLossesAndGradientsAgree(String name) {
    ReferenceComparison.assertAgrees(ReferenceCase.read(name));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyTensorOfTheReferenceIsInTheManifestAndNoOther(String name) {
    ReferenceComparison.assertSameTensors(ReferenceCase.read(name));
  }
}
