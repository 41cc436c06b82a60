/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

/** What JavaCPP throws was seen with the natives for GPUs on a machine without CUDA. */
public class LibtorchTest {
  private static UnsatisfiedLinkError withoutCuda() {
    UnsatisfiedLinkError outer =
        new UnsatisfiedLinkError("no jnitorch in java.library.path: /usr/lib");
    outer.initCause(
        new UnsatisfiedLinkError(
            "/home/a/.javacpp/cache/libjnitorch.so: libcupti.so.13: cannot open shared object"
                + " file: No such file or directory"));
    return outer;
  }

  @Test
  void theLibraryThatIsMissingIsNamed() {
    assertThat(Libtorch.reason(withoutCuda()))
        .isEqualTo("libcupti.so.13 is not installed, or not where the loader looks");
  }

  @Test
  void anotherReasonIsToldAsItIs() {
    assertThat(Libtorch.reason(new UnsatisfiedLinkError("no room"))).isEqualTo("no room");
  }

  @Test
  void theSecondRefusalNamesTheLibraryToo() {
    for (LinkageError failure :
        new LinkageError[] {
          withoutCuda(), new NoClassDefFoundError("Could not initialize class")
        }) {
      assertThatThrownBy(
              () ->
                  Libtorch.cards(
                      () -> {
                        throw failure;
                      }))
          .isInstanceOfSatisfying(
              SplitMaskException.class,
              refused -> assertThat(refused.blame()).isEqualTo(Blame.USER))
          .hasMessageStartingWith("libtorch cannot be loaded: libcupti.so.13 is not installed")
          .hasMessageContaining("Dockerfile.gpu");
    }
  }

  @Test
  void theOneForProcessorsSeesNoCards() {
    assertThat(Libtorch.cards()).isZero();
  }
}
