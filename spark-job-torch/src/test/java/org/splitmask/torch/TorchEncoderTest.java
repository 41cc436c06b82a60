/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.train.Fixture;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EncoderFactory;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.FrozenEncoder;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.host.HostEncoders;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.model.VisionEncoder;
import org.splitmask.train.parameter.InitialParameters;

class TorchEncoderTest {
  private static final int PICTURES = 5;

  /** Features by the other engine, to four digits; in bfloat16 to two. */
  @ParameterizedTest
  @CsvSource({"LEARNED, 0, FLOAT32, 1e-4", "SINCOS, 0.1, FLOAT32, 1e-4", "SINCOS, 0, BF16, 2e-2"})
  void featuresAreThoseOfTheOtherEngine(
      Positions positions, double layerScale, Precision precision, double bound) {
    NetworkShape shape =
        new NetworkShape(4, 48, 32, 3, 4, 64, 2, positions, 4, layerScale, /* dropPath= */ 0.5);
    float[] parameters = InitialParameters.all(VisionEncoder.layout(shape), 3);
    float[] pixels = pixels(PICTURES * shape.patches() * shape.patchValues());

    List<float[]> expected = features(new HostEncoders(), shape, parameters, pixels);
    EngineSettings settings = new EngineSettings(DeviceKind.CPU, false, precision, false);
    List<float[]> actual = features(new TorchEncoders(settings), shape, parameters, pixels);

    assertThat(actual).hasSize(PICTURES);
    for (int n = 0; n < PICTURES; n++) {
      assertThat(Fixture.distance(actual.get(n), expected.get(n), 1e-6))
          .as("distance of the features of picture %d", n)
          .isLessThan(bound);
    }
    assertThat(actual.get(0)).isNotEqualTo(actual.get(1));
  }

  private static List<float[]> features(
      EncoderFactory encoders, NetworkShape shape, float[] parameters, float[] pixels) {
    try (FrozenEncoder encoder = encoders.open(shape, parameters, 1)) {
      assertThat(encoder.picturesAtOnce()).isPositive();
      encoder.features(pixels); // what it holds may be used again
      return encoder.features(pixels);
    }
  }

  private static float[] pixels(int count) {
    Random random = new Random(5);
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (float) random.nextGaussian();
    }
    return pixels;
  }
}
