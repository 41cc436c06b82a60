/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PatchShapeTest {
  @Test
  void derivesItsNumbers() {
    PatchShape shape = new PatchShape(224, 16, 3);

    assertThat(shape.gridSide()).isEqualTo(14);
    assertThat(shape.patches()).isEqualTo(196);
    assertThat(shape.valuesPerPatch()).isEqualTo(768);
    assertThat(shape.bytes()).isEqualTo(150_528);
  }

  @Test
  void refusesASizeThatPatchesDoNotFillAndNamesOneThatTheyDo() {
    assertThatThrownBy(() -> new PatchShape(225, 16, 3))
        .hasMessageContaining("image-size 225 is not a multiple of patch-size 16")
        .hasMessageContaining("try image-size 224");
    assertThat(new PatchShape(224, 16, 3).patches()).isEven();
  }

  @Test
  void refusesAnOddNumberOfPatches() {
    assertThatThrownBy(() -> new PatchShape(48, 16, 3))
        .hasMessageContaining("3×3 = 9 patches, an odd number")
        .hasMessageContaining("try image-size 64");
  }

  @Test
  void refusesWhatIsNotPositive() {
    assertThatThrownBy(() -> new PatchShape(0, 16, 3)).hasMessageContaining("image-size");
    assertThatThrownBy(() -> new PatchShape(32, -1, 3))
        .hasMessageContaining("patch-size must be positive, was -1");
    assertThatThrownBy(() -> new PatchShape(32, 8, 0)).hasMessageContaining("channels");
    assertThatThrownBy(() -> new PatchShape(65_536, 16, 3)).hasMessageContaining("1 to 4096");
  }
}
