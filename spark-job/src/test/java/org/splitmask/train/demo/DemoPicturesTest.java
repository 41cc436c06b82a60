/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DemoPicturesTest {
  private static final int SIDE = 32;
  private static final int CLASSES = DemoClass.values().length;

  @Test
  void theSameSeedGivesTheSamePictures() {
    DemoPictures once = new DemoPictures(7, 30, SIDE);
    DemoPictures again = new DemoPictures(7, 60, SIDE);
    for (int index = 0; index < 30; index++) {
      assertThat(pixels(once.picture(index))).isEqualTo(pixels(again.picture(index)));
    }
  }

  @Test
  void neighbouringSeedsShareNoPicture() {
    DemoPictures first = new DemoPictures(7, 20, SIDE);
    DemoPictures second = new DemoPictures(8, 20, SIDE);
    for (int i = 0; i < 20; i++) {
      for (int j = 0; j < 20; j++) {
        assertThat(pixels(first.picture(i))).isNotEqualTo(pixels(second.picture(j)));
      }
    }
  }

  @Test
  void writesAFolderAClassOfReadablePictures(@TempDir Path folder) throws IOException {
    int count = 2 * CLASSES + 1;
    assertThat(new DemoPictures(1, count, SIDE).writeTo(folder)).isEqualTo(count);
    try (Stream<Path> classes = Files.list(folder)) {
      assertThat(classes).hasSize(CLASSES);
    }
    BufferedImage picture =
        ImageIO.read(folder.resolve("striped-disc/striped-disc-0003.png").toFile());
    assertThat(picture.getWidth()).isEqualTo(SIDE);
    assertThat(picture.getHeight()).isEqualTo(SIDE);
  }

  /** Classes must differ in form alone: no class is brighter or more colourful than another. */
  @Test
  void brightnessTellsNothingOfTheClass() {
    int each = 60;
    DemoPictures pictures = new DemoPictures(3, each * CLASSES, SIDE);
    Map<DemoClass, Double> means = new EnumMap<>(DemoClass.class);
    double squares = 0;
    for (int index = 0; index < each * CLASSES; index++) {
      double mean =
          IntStream.of(pixels(pictures.picture(index)))
              .map(p -> p >> 8 & 0xff)
              .average()
              .orElseThrow();
      means.merge(DemoClass.values()[index % CLASSES], mean / each, Double::sum);
      squares += mean * mean;
    }
    double overall = means.values().stream().mapToDouble(m -> m).average().orElseThrow();
    double deviation = Math.sqrt(squares / (each * CLASSES) - overall * overall);
    double standardError = deviation / Math.sqrt(each);
    for (Map.Entry<DemoClass, Double> mean : means.entrySet()) {
      assertThat(mean.getValue())
          .as("mean brightness of %s", mean.getKey())
          .isCloseTo(overall, within(4 * standardError));
    }
  }

  @ParameterizedTest
  @EnumSource(Texture.class)
  void aTextureIsHalfInk(Texture texture) {
    SplittableRandom random = new SplittableRandom(5);
    int ink = 0;
    int points = 100_000;
    for (int i = 0; i < points; i++) {
      if (texture.isInk(random.nextDouble(-20, 20), random.nextDouble(-20, 20))) {
        ink++;
      }
    }
    assertThat((double) ink / points).isCloseTo(0.5, within(0.02));
  }

  @ParameterizedTest
  @EnumSource(Shape.class)
  void aShapeHasTheAreaOne(Shape shape) {
    SplittableRandom random = new SplittableRandom(5);
    int inside = 0;
    int points = 200_000;
    for (int i = 0; i < points; i++) {
      if (shape.contains(random.nextDouble(-1, 1), random.nextDouble(-1, 1))) {
        inside++;
      }
    }
    assertThat(4.0 * inside / points).isCloseTo(1, within(0.02));
  }

  @ParameterizedTest
  @CsvSource({"0, 64, at least 1", "10, 15, from 16", "10, 1025, to 1024"})
  void refusesWhatIsOutOfBounds(int count, int side, String bound) {
    assertThatThrownBy(() -> new DemoPictures(1, count, side))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(bound);
  }

  private static int[] pixels(BufferedImage picture) {
    return picture.getRGB(
        0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
  }
}
