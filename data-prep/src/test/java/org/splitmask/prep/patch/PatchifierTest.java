/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchifierTest {
  @ParameterizedTest
  @CsvSource({"2,1,1", "4,2,3", "12,3,3", "80,8,3", "64,16,4", "224,16,3", "32,16,1"})
  void cutsLikeTheObviousLoops(int imageSize, int patchSize, int channels) {
    PatchShape shape = new PatchShape(imageSize, patchSize, channels);
    byte[] pixels = pixels(shape);

    assertThat(Patchifier.cut(pixels, shape)).isEqualTo(obvious(pixels, shape));
  }

  @ParameterizedTest
  @CsvSource({"4,2,3", "12,3,3", "80,8,3"})
  void joiningUndoesCutting(int imageSize, int patchSize, int channels) {
    PatchShape shape = new PatchShape(imageSize, patchSize, channels);
    byte[] pixels = pixels(shape);

    assertThat(Patchifier.join(Patchifier.cut(pixels, shape), shape)).isEqualTo(pixels);
  }

  @ParameterizedTest
  @CsvSource({"3", "47", "49"})
  void refusesAnArrayOfAnotherLength(int length) {
    PatchShape shape = new PatchShape(4, 2, 3);
    String message = "has 48 bytes, got " + length;

    assertThatThrownBy(() -> Patchifier.cut(new byte[length], shape)).hasMessageContaining(message);
    assertThatThrownBy(() -> Patchifier.cut(new byte[48], shape, new byte[length]))
        .hasMessageContaining(message);
    assertThatThrownBy(() -> Patchifier.join(new byte[length], shape))
        .hasMessageContaining(message);
  }

  /** Patch by patch, pixel by pixel, as the method's text says it. */
  private static byte[] obvious(byte[] pixels, PatchShape shape) {
    int side = shape.imageSize();
    int p = shape.patchSize();
    int channels = shape.channels();
    byte[] patches = new byte[pixels.length];
    int next = 0;
    for (int patch = 0; patch < shape.patches(); patch++) {
      int top = patch / shape.gridSide() * p;
      int left = patch % shape.gridSide() * p;
      for (int y = 0; y < p; y++) {
        for (int x = 0; x < p; x++) {
          for (int c = 0; c < channels; c++) {
            patches[next++] = pixels[((top + y) * side + left + x) * channels + c];
          }
        }
      }
    }
    return patches;
  }

  private static byte[] pixels(PatchShape shape) {
    byte[] pixels = new byte[shape.bytes()];
    new Random(7).nextBytes(pixels);
    return pixels;
  }
}
