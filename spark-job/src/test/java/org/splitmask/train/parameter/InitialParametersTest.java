/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.parameter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class InitialParametersTest {
  private static final ParameterManifest LAYOUT = layout();

  private static ParameterManifest layout() {
    ParameterManifest.Builder builder = new ParameterManifest.Builder();
    builder.add(
        "first",
        List.of(
            ParameterSpec.weight("weight", 7, 3),
            ParameterSpec.exempt("bias", InitialValues.ZEROS, 3)),
        2);
    builder.add(
        "second", List.of(ParameterSpec.exempt("scale", InitialValues.constant(0.1), 4)), 0);
    return builder.build();
  }

  @Test
  void theLayoutHasNoGaps() {
    assertThat(LAYOUT.length()).isEqualTo(28);
    assertThat(LAYOUT.entries())
        .extracting(ParameterManifest.Entry::name)
        .containsExactly("first.weight", "first.bias", "second.scale");
    assertThat(LAYOUT.entries())
        .extracting(ParameterManifest.Entry::offset)
        .containsExactly(0, 21, 24);
    assertThat(LAYOUT.entries())
        .extracting(ParameterManifest.Entry::rateLevel)
        .containsExactly(2, 2, 0);
  }

  @Test
  void piecesAreTheWholeWhereverItIsCut() {
    float[] whole = InitialParameters.all(LAYOUT, 5);
    for (int cut = 0; cut <= whole.length; cut++) {
      InitialParameters pieces = new InitialParameters(LAYOUT, 5);
      float[] joined = new float[whole.length];
      System.arraycopy(pieces.next(cut), 0, joined, 0, cut);
      System.arraycopy(pieces.next(whole.length - cut), 0, joined, cut, whole.length - cut);
      assertThat(joined).isEqualTo(whole);
      assertThatThrownBy(() -> pieces.next(1)).hasMessageContaining("more elements");
    }
  }

  @Test
  void eachTensorStartsAsItsSpecificationSays() {
    float[] whole = InitialParameters.all(LAYOUT, 5);
    for (int i = 0; i < 21; i++) {
      assertThat(Math.abs(whole[i])).isBetween(0f, 0.04f);
    }
    assertThat(whole[0]).isNotEqualTo(whole[1]);
    for (int i = 21; i < 24; i++) {
      assertThat(whole[i]).isZero();
    }
    for (int i = 24; i < 28; i++) {
      assertThat(whole[i]).isEqualTo(0.1f);
    }
    assertThat(InitialParameters.all(LAYOUT, 6)).isNotEqualTo(whole);
  }
}
