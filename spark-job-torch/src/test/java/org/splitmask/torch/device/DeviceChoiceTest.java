/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.Precision;

public class DeviceChoiceTest {
  private static final Card T4 =
      new Card(0, "GPU-aaaa", "Tesla T4", new Version(7, 5), new Version(580, 95), 15_000);

  @TempDir private Path locks;

  @Test
  void processorsAreTakenWhateverCardsThereAre() {
    assertThat(claimed(card(1), settings(DeviceKind.CPU, false))).isEqualTo(ComputeDevice.CPU);
  }

  @Test
  void aWorkerTakesTheCardThatSparkGaveIt() {
    assertThat(claimed(card(3), settings(DeviceKind.CUDA, false))).isEqualTo(ComputeDevice.card(3));
  }

  @Test
  void withoutACardTheRunEndsAndSaysWhy() {
    assertThatThrownBy(() -> claimed(none(), settings(DeviceKind.CUDA, false)))
        .isInstanceOfSatisfying(
            SplitMaskException.class, failure -> assertThat(failure.blame()).isEqualTo(Blame.USER))
        .hasMessage(
            "device=cuda, but there is no driver; or compute on processors: device=cpu, or"
                + " on-missing-gpu=cpu");
  }

  @Test
  void withoutACardProcessorsAreTakenWhereThatIsAllowed() {
    assertThat(claimed(none(), settings(DeviceKind.CUDA, true))).isEqualTo(ComputeDevice.CPU);
  }

  @Test
  void aPrecisionThatTheCardLacksIsRefused() {
    EngineSettings bf16 = new EngineSettings(DeviceKind.CUDA, true, Precision.BF16, false);
    assertThatThrownBy(() -> claimed(cards(Optional.empty(), 0, Optional.of(T4)), bf16))
        .isInstanceOfSatisfying(
            SplitMaskException.class, failure -> assertThat(failure.blame()).isEqualTo(Blame.USER))
        .hasMessage(
            "precision=bf16, but GPU 0 (Tesla T4) has compute capability 7.5 and does not compute"
                + " in it; use precision=float32");
  }

  @Test
  void twoWorkersDoNotShareACard() {
    EngineSettings settings = settings(DeviceKind.CUDA, false);
    try (ClaimedDevice first = choice(card(0)).claimed(settings)) {
      assertThat(first.free()).hasValue(5_000);
      assertThatThrownBy(() -> claimed(card(0), settings))
          .isInstanceOfSatisfying(
              SplitMaskException.class,
              failure -> assertThat(failure.blame()).isEqualTo(Blame.USER))
          .hasMessageContaining("another worker of this machine computes on GPU-0 already")
          .hasMessageContaining("spark.task.resource.gpu.amount=1");
      assertThat(claimed(card(1), settings).ordinal()).isEqualTo(1);
    }
    assertThat(claimed(card(0), settings).ordinal()).as("given back").isZero();
  }

  @Test
  void anotherProcessesCardIsRefusedToo() throws Exception {
    Process other = holder();
    try {
      assertThat(other.getInputStream().read()).as("it has the card").isEqualTo('y');
      EngineSettings settings = settings(DeviceKind.CUDA, false);
      assertThatThrownBy(() -> claimed(card(0), settings))
          .hasMessageContaining("another worker of this machine");
      other.destroyForcibly().waitFor();
      assertThat(claimed(card(0), settings).ordinal()).as("free with its end").isZero();
    } finally {
      other.destroyForcibly();
    }
  }

  private Process holder() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            HoldsACard.class.getName(),
            locks.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Claims a card until it is killed. */
  static final class HoldsACard {
    private HoldsACard() {}

    public static void main(String[] arguments) throws InterruptedException {
      try (CardClaim claim = CardClaim.of(Path.of(arguments[0]), "GPU-0", Duration.ZERO)) {
        System.out.print("y");
        System.out.flush();
        Thread.sleep(60_000);
      }
    }
  }

  /** A refused worker must not end the lock of the one that has the card. */
  @Test
  void aRefusalLeavesTheCardClaimedForOtherProcessesToo() throws Exception {
    EngineSettings settings = settings(DeviceKind.CUDA, false);
    try (ClaimedDevice first = choice(card(0)).claimed(settings)) {
      assertThat(first.device().ordinal()).isZero();
      assertThatThrownBy(() -> claimed(card(0), settings)).hasMessageContaining("another worker");
      Process other = holder();
      try {
        assertThat(other.getInputStream().read()).as("it ends without the card").isEqualTo(-1);
      } finally {
        other.destroyForcibly();
      }
    }
  }

  /** These natives have no CUDA in them. */
  @Test
  void theNativesOfProcessorsSayHowToGetThoseOfCards() {
    Cards here = new ProcessCards(List.of(), null, false);
    assertThat(here.missing()).get().asString().contains("linux-x86_64-gpu");
  }

  private static ComputeDevice claimed(Cards cards, EngineSettings settings) {
    try (ClaimedDevice claimed = choice(cards).claimed(settings)) {
      return claimed.device();
    }
  }

  private static EngineSettings settings(DeviceKind device, boolean isCpuAllowed) {
    return new EngineSettings(device, isCpuAllowed, Precision.FLOAT32, false);
  }

  private Cards none() {
    return cards(Optional.of("there is no driver"), 0, Optional.empty());
  }

  private Cards card(int ordinal) {
    return cards(Optional.empty(), ordinal, Optional.empty());
  }

  private Cards cards(Optional<String> missing, int ordinal, Optional<Card> card) {
    return new FakeCards(missing, ordinal, card, "GPU-" + ordinal, locks);
  }

  private static DeviceChoice choice(Cards cards) {
    return new DeviceChoice(cards, Duration.ZERO, device -> 5_000);
  }

  private record FakeCards(
      Optional<String> missing, int ordinal, Optional<Card> card, String name, Path locks)
      implements Cards {}
}
