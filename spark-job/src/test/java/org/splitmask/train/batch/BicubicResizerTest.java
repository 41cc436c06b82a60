/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.train.Fixture;
import org.splitmask.train.tensors.SafeTensors;

class BicubicResizerTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void cropsAreThoseOfPillowUpToItsRounding(int crop) {
    SafeTensors fixture = Fixture.read("resize");
    SafeTensors.Tensor image = fixture.tensor("image");
    int height = (int) image.shape()[0];
    int width = (int) image.shape()[1];
    int[] box = fixture.tensor("box." + crop).ints();
    int size = fixture.tensor("side." + crop).ints()[0];
    byte[] expected = fixture.tensor("result." + crop).bytes();

    // A square picture, as the table holds; the rows below the image are never read.
    byte[] square = new byte[width * width * 3];
    System.arraycopy(image.bytes(), 0, square, 0, height * width * 3);
    CropBox cropBox = new CropBox(box[0], box[1], box[2], box[3], CropBox.Flip.NONE);
    float[] actual = BicubicResizer.crop(square, width, 3, cropBox, size);

    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs(actual[i] - (expected[i] & 0xff));
      assertThat(difference).as("level %d of crop %d", i, crop).isLessThan(1.6);
      sum += difference;
    }
    assertThat(sum / expected.length).as("mean difference in levels").isLessThan(0.4);
  }
}
