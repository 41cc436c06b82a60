/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.resize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageResizerTest {
  @ParameterizedTest(name = "{0}×{1}")
  @CsvSource({"40,40", "53,40", "40,53", "41,90", "90,41", "1,30", "30,1", "7,6"})
  void theCentreSquareIsWhatIsResized(int width, int height) {
    byte[] picture = noise(width, height);
    int side = Math.min(width, height);
    int left = (width - side) / 2;
    int top = (height - side) / 2;

    try (PointerScope scope = new PointerScope()) {
      Mat square = ImageResizer.centreSquare(mat(picture, width, height));
      byte[] unchanged = new ImageResizer(side).resize(square);

      assertThat(unchanged).hasSize(side * side * 3);
      for (int row = 0; row < side; row++) {
        for (int column = 0; column < side; column++) {
          for (int c = 0; c < 3; c++) {
            assertThat(unchanged[(row * side + column) * 3 + c])
                .as("row %d, column %d, channel %d", row, column, c)
                .isEqualTo(picture[((top + row) * width + left + column) * 3 + 2 - c]);
          }
        }
      }
    }
  }

  @Test
  void aPictureMayBeLongerThanOneBufferSpans() {
    byte[] picture = noise(23, 21);

    try (PointerScope scope = new PointerScope()) {
      Mat square = ImageResizer.centreSquare(mat(picture, 23, 21));
      MatRows whole = new MatRows(square, Integer.MAX_VALUE);
      for (int bytes : new int[] {1, 69, 150, 1000}) {
        MatRows inWindows = new MatRows(square, bytes);
        MatRows again = new MatRows(square, Integer.MAX_VALUE);
        for (int row = 0; row < 21; row++) {
          assertThat(inWindows.row(row))
              .as("row %d in windows of %d bytes", row, bytes)
              .isEqualTo(again.row(row));
        }
      }
      assertThat(whole.row(20)[15] >>> 24).as("behind the last of 63 bytes").isZero();
    }
  }

  private static Mat mat(byte[] bgr, int width, int height) {
    Mat mat = new Mat(height, width, opencv_core.CV_8UC3);
    mat.data().put(bgr);
    return mat;
  }

  private static byte[] noise(int width, int height) {
    byte[] picture = new byte[width * height * 3];
    new SplittableRandom(width).nextBytes(picture);
    return picture;
  }
}
