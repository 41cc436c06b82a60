/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.Precision;

class DeviceChoiceTest {
  @Test
  void processorsAreTakenWhateverCardsThereAre() {
    assertThat(new DeviceChoice(card(1)).of(settings(DeviceKind.CPU, false)))
        .isEqualTo(ComputeDevice.CPU);
  }

  @Test
  void aWorkerTakesTheCardThatSparkGaveIt() {
    assertThat(new DeviceChoice(card(3)).of(settings(DeviceKind.CUDA, false)))
        .isEqualTo(new ComputeDevice(DeviceType.CUDA, 3));
  }

  @Test
  void withoutACardTheRunEndsAndSaysWhy() {
    assertThatThrownBy(() -> new DeviceChoice(none()).of(settings(DeviceKind.CUDA, false)))
        .isInstanceOfSatisfying(
            SplitMaskException.class, failure -> assertThat(failure.blame()).isEqualTo(Blame.USER))
        .hasMessage(
            "device=cuda, but there is no driver; or compute on processors: device=cpu, or"
                + " on-missing-gpu=cpu");
  }

  @Test
  void withoutACardProcessorsAreTakenWhereThatIsAllowed() {
    assertThat(new DeviceChoice(none()).of(settings(DeviceKind.CUDA, true)))
        .isEqualTo(ComputeDevice.CPU);
  }

  /** These natives have no CUDA in them. */
  @Test
  void theNativesOfProcessorsSayHowToGetThoseOfCards() {
    assertThat(Cards.ofThisProcess().missing()).get().asString().contains("linux-x86_64-gpu");
  }

  private static EngineSettings settings(DeviceKind device, boolean isCpuAllowed) {
    return new EngineSettings(device, isCpuAllowed, Precision.FLOAT32);
  }

  private static Cards none() {
    return cards(Optional.of("there is no driver"), 0);
  }

  private static Cards card(int ordinal) {
    return cards(Optional.empty(), ordinal);
  }

  private static Cards cards(Optional<String> missing, int ordinal) {
    return new Cards() {
      @Override
      public Optional<String> missing() {
        return missing;
      }

      @Override
      public int ordinal() {
        return ordinal;
      }
    };
  }
}
