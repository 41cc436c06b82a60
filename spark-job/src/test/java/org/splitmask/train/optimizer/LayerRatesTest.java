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
import org.splitmask.train.local.LocalTrainer;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.Objective.Branches;

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
    ParameterManifest manifest =
        LocalTrainer.initialNetwork(SmallTraining.settings(branches)).manifest();
    double[] factors = LayerRates.of(manifest, 2, decay);
    Map<String, Double> byName = new LinkedHashMap<>();
    for (int i = 0; i < factors.length; i++) {
      byName.put(manifest.entries().get(i).name(), factors[i]);
    }
    return byName;
  }
}
