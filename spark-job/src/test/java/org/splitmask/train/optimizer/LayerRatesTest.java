/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskNetwork;

class LayerRatesTest {
  @Test
  void theFirstBlocksOfTheEncoderChangeLeast() {
    Map<String, Double> factors = factors(Branches.TWO, 0.5);
    assertThat(factors.get("embedding.weight")).isCloseTo(0.125, within(1e-12));
    assertThat(factors.get("encoder.0.mlp.hidden.bias")).isCloseTo(0.25, within(1e-12));
    assertThat(factors.get("encoder.1.attention.qkv.weight")).isCloseTo(0.5, within(1e-12));
    for (String full : List.of("encoder.norm.weight", "decoder.mask", "head.weight")) {
      assertThat(factors.get(full)).as(full).isEqualTo(1);
    }
    assertThat(factors(Branches.ONE, 0.5).get("encoder.mask")).isCloseTo(0.125, within(1e-12));
  }

  @ParameterizedTest
  @EnumSource(Branches.class)
  void aDecayOfOneTreatsAllAlike(Branches branches) {
    assertThat(factors(branches, 1).values()).allMatch(factor -> factor == 1);
  }

  private static Map<String, Double> factors(Branches branches, double decay) {
    NetworkShape shape = NetworkShape.plain(4, 12, 8, 2, 2, 16, 1, Positions.LEARNED);
    double match = branches == Branches.TWO ? 1 : 0;
    Objective objective = new Objective(branches, 9, 1, match, 0.2, Negatives.OPPOSITE);
    ParameterManifest manifest =
        SplitMaskNetwork.create(shape, objective, DataType.FLOAT, 1).manifest();
    double[] factors = LayerRates.of(manifest, decay);
    Map<String, Double> byName = new LinkedHashMap<>();
    for (int i = 0; i < factors.length; i++) {
      byName.put(manifest.entries().get(i).name(), factors[i]);
    }
    return byName;
  }
}
