/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IgnoredSidecarsTest {
  @Test
  void allAreCountedAndAFewAreNamed() {
    IgnoredSidecars left = new IgnoredSidecars();
    IgnoredSidecars right = new IgnoredSidecars();
    assertThat(left.isZero()).isTrue();
    left.add("a.cls: is empty");
    left.add("b.cls: is empty");
    for (int i = 0; i < 10; i++) {
      right.add(i + ".cls: no UTF-8 at byte 1");
    }

    left.merge(right);

    assertThat(left.count()).isEqualTo(12);
    assertThat(left.value())
        .containsExactly("a.cls: is empty", "b.cls: is empty", "0.cls: no UTF-8 at byte 1");
    assertThat(left.copy().count()).isEqualTo(12);
    left.reset();
    assertThat(left.isZero()).isTrue();
    assertThat(left.value()).isEmpty();
  }
}
