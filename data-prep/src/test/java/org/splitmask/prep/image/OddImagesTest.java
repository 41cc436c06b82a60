/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;

/** The collection of docs/odd-images.md, where it is to be had. */
class OddImagesTest {
  private static final Path FOLDER = Path.of("../../shared/datasets/odd-images");
  private static final ImageLimits LIMITS = new ImageLimits(67_108_864, 100_000_000, 1);
  private static final int SIZE = 64;

  private final ImageDecoder decoder = new ImageDecoder(LIMITS, Background.WHITE, SIZE);

  @BeforeEach
  void needsTheCollection() {
    boolean there = Files.isDirectory(FOLDER);
    if (!there) {
      System.out.println("SKIPPED: OddImagesTest needs the pictures in " + FOLDER);
    }
    assumeTrue(there);
  }

  @Test
  void outcomesAreThoseOfTheDocumentation() throws IOException {
    Map<String, Integer> outcomes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith("MANIFEST.tsv")) {
          DecodeResult result = decoder.decode(Files.readAllBytes(file));
          String outcome = result instanceof Refused refused ? refused.reason().word() : "accepted";
          outcomes.merge(outcome, 1, Integer::sum);
        }
      }
    }

    assertThat(outcomes)
        .isEqualTo(
            Map.of(
                "accepted", 721,
                "damaged", 215,
                "truncated", 128,
                "too-many-pixels", 2,
                "unsupported-format", 429));
  }

  @Test
  void allOrientationsComeOutUpright() throws IOException {
    for (String kind : new String[] {"Landscape", "Portrait"}) {
      byte[] upright = pixels("exif-orientation/" + kind + "_1.jpg");
      for (int orientation = 2; orientation <= 8; orientation++) {
        // Each file shows its own number, and was compressed anew.
        assertThat(pixels("exif-orientation/" + kind + "_" + orientation + ".jpg"))
            .satisfies(turned -> assertThat(difference(turned, upright)).isLessThan(2.5));
      }
    }
  }

  @Test
  void inkHasTheColoursOfLight() throws IOException {
    byte[] light = pixels("pillow/pil_sample_rgb.jpg");

    assertThat(difference(pixels("pillow/pil_sample_cmyk.jpg"), light)).isCloseTo(0, within(6.0));
  }

  private byte[] pixels(String path) throws IOException {
    DecodeResult result = decoder.decode(Files.readAllBytes(FOLDER.resolve(path)));
    assertThat(result).as(path).isInstanceOf(Decoded.class);
    return ((Decoded) result).image().pixels();
  }

  private static double difference(byte[] one, byte[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs(Byte.toUnsignedInt(one[i]) - Byte.toUnsignedInt(other[i]));
    }
    return sum / one.length;
  }
}
