/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.train.kernel.library.NativeMemory;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.parameter.InitialParameters;
import org.splitmask.train.parameter.ParameterManifest;

class VisionEncoderTest {
  @ParameterizedTest
  @EnumSource(Positions.class)
  void hasTheParametersThatItIsGivenInItsLayoutAndNoGradients(Positions positions) {
    NetworkShape shape = NetworkShape.plain(2, 12, 8, 3, 2, 16, 1, positions);
    ParameterManifest layout = VisionEncoder.layout(shape);
    float[] parameters = InitialParameters.all(layout, 7);
    try (VisionEncoder encoder = new VisionEncoder(shape, parameters)) {
      assertThat(encoder.graph().numParams()).isEqualTo(layout.length());
      assertThat(NativeMemory.toArray(encoder.parameters())).isEqualTo(parameters);
      assertThat(encoder.graph().getFlattenedGradients()).isNull();
      assertThatThrownBy(encoder::gradients).hasMessageContaining("without gradients");
    }
  }

  /** DL4J gives each layer its part of the vector; the layout says which without building it. */
  @ParameterizedTest
  @EnumSource(Positions.class)
  void theLayoutIsDl4js(Positions positions) {
    NetworkShape shape = NetworkShape.plain(2, 12, 8, 3, 2, 16, 1, positions);
    ParameterManifest layout = VisionEncoder.layout(shape);
    float[] places = new float[layout.length()];
    for (int i = 0; i < places.length; i++) {
      places[i] = i;
    }
    try (VisionEncoder encoder = new VisionEncoder(shape, places)) {
      for (ParameterManifest.Entry entry : layout.entries()) {
        int dot = entry.name().indexOf('.', entry.name().startsWith("encoder.") ? 8 : 0);
        String layer = entry.name().substring(0, dot);
        String tensor = entry.name().substring(dot + 1);
        var values = encoder.graph().getLayer(layer).getParam(tensor);
        assertThat(values.shape()).as(entry.name()).isEqualTo(entry.shape());
        assertThat(values.getFloat(0)).as(entry.name()).isEqualTo(entry.offset());
      }
    }
  }
}
