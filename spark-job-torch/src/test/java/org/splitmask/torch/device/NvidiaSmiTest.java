/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.splitmask.train.engine.Precision;

/** What a machine's driver tells, from a program that prints what such drivers print. */
public class NvidiaSmiTest {
  private static final String TWO =
      """
      0, GPU-1d0f0b52-0000-1111-2222-333344445555, NVIDIA H100 80GB HBM3, 9.0, 580.95.05, 81559
      1, GPU-77aa0b52-0000-1111-2222-333344445555, Tesla V100-SXM2-16GB, 7.0, 535.104.12, 16384
      """;

  @TempDir private Path folder;

  @Test
  void tellsOfEachCard() throws IOException {
    List<Card> cards = cards(TWO, 0);
    assertThat(cards).extracting(Card::index).containsExactly(0, 1);
    assertThat(cards.get(0).description())
        .isEqualTo("NVIDIA H100 80GB HBM3, compute capability 9.0, driver 580.95, 81559 MB");
    assertThat(cards.get(0).obstacle()).isEmpty();
    assertThat(cards.get(0).has(Precision.BF16)).isTrue();
    assertThat(cards.get(1).has(Precision.BF16)).isFalse();
  }

  @Test
  void anOldCardAndAnOldDriverAreObstaclesWithARemedy() throws IOException {
    List<Card> cards =
        cards(
            """
            0, GPU-1, Tesla V100-SXM2-16GB, 7.0, 580.95.05, 16384
            1, GPU-2, NVIDIA A10, 8.6, 535.104.12, 23028
            """,
            0);
    assertThat(cards.get(0).obstacle())
        .contains(
            "Tesla V100-SXM2-16GB has compute capability 7.0, and libtorch has code for 7.5 and"
                + " newer: take another card, or engine=dl4j");
    assertThat(cards.get(1).obstacle())
        .contains(
            "NVIDIA A10 has driver 535.104, and CUDA 13 needs 580 or newer: update the machine's"
                + " driver");
  }

  @Test
  void theWorkersOwnObstacleIsToldBeforeLibtorchIsAsked() throws IOException {
    Cards second = new ProcessCards(cards(TWO, 0), "1", true);
    assertThat(second.missing())
        .get()
        .asString()
        .startsWith("GPU 0 cannot be used: Tesla V100-SXM2-16GB has compute capability 7.0");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "none   | 1 | 1",
        "'1,0'  | 0 | 1",
        "'1, 0' | 1 | 0",
        "GPU-77 | 0 | 1",
        "GPU-00 | 0 | none",
        "MIG-77 | 0 | none",
        "'0'    | 1 | none",
        "''     | 0 | none"
      },
      delimiter = '|',
      nullValues = "none")
  void aProcessSeesTheCardsOfItsVariable(String visible, int ordinal, Integer index)
      throws IOException {
    assertThat(Card.seenAs(cards(TWO, 0), visible, /* byBus= */ true, ordinal).map(Card::index))
        .isEqualTo(Optional.ofNullable(index));
  }

  /** CUDA begins with the fastest card, the driver with the first on the bus. */
  @Test
  void withCardsOfSeveralKindsNumbersTellNothing() throws IOException {
    List<Card> cards = cards(TWO, 0);
    assertThat(Card.seenAs(cards, null, false, 1)).isEmpty();
    assertThat(Card.seenAs(cards, "1", false, 0)).isEmpty();
    assertThat(Card.seenAs(cards, "GPU-77", false, 0)).contains(cards.get(1));
    assertThat(Card.seenAs(cards.subList(0, 1), null, false, 0)).contains(cards.get(0));
  }

  @Test
  void aCardThatIsNotKnownHasTheNameThatTheProcessSees() {
    assertThat(new ProcessCards(List.of(), "MIG-1/2, MIG-3", false).name()).isEqualTo("MIG-1-2");
    assertThat(new ProcessCards(List.of(), "3,1", false).name()).isEqualTo("GPU-3");
    assertThat(new ProcessCards(List.of(), null, false).name()).isEqualTo("GPU-0");
  }

  @Test
  void aProgramThatFailsIsMissingOrTellsNonsenseTellsNothing() throws IOException {
    assertThat(cards("NVIDIA-SMI has failed", 9)).isEmpty();
    assertThat(cards("0, GPU-1, Odd card, [N/A], 580.95.05, 1\n\n1, 2\n", 0)).isEmpty();
    assertThat(new NvidiaSmi(folder.resolve("absent").toString()).cards()).isEmpty();
  }

  private List<Card> cards(String output, int exitCode) throws IOException {
    return program(output, exitCode).cards();
  }

  private NvidiaSmi program(String output, int exitCode) throws IOException {
    Path text = Files.writeString(folder.resolve("output"), output);
    Path program = folder.resolve("nvidia-smi");
    Files.writeString(program, "#!/bin/sh\ncat '" + text + "'\nexit " + exitCode + "\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    return new NvidiaSmi(program.toString());
  }
}
