/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.target;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.train.Fixture;
import org.splitmask.train.tensors.SafeTensors;

class PatchTokenizerTest {
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

  @ParameterizedTest
  @CsvSource({"16,GLOBAL", "16,PATCH", "16,CHANNEL", "8,GLOBAL", "8,PATCH", "8,CHANNEL"})
  void tokensAreThoseOfTheReference(int side, TokenCentering centering) {
    SafeTensors fixture = Fixture.read("tokenizer");
    byte[] levels = fixture.tensor("p" + side + ".patches").bytes();
    float[] values = new float[levels.length];
    for (int i = 0; i < levels.length; i++) {
      values[i] = ((levels[i] & 0xff) / 255f - MEAN[i % 3]) / DEVIATION[i % 3];
    }
    int[] expected =
        fixture.tensor("p" + side + ".tokens." + centering.name().toLowerCase(Locale.ROOT)).ints();
    Codebook codebook = new Codebook(fixture.tensor("codebook").floats(), 192);

    PatchTokenizer tokenizer = new PatchTokenizer(codebook, new TokenSpace(side, 3, centering));

    assertThat(tokenizer.tokens(values, expected.length)).isEqualTo(expected);
  }
}
