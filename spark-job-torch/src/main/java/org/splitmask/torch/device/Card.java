/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.splitmask.train.engine.Precision;

/**
 * An NVIDIA card, as its driver describes it.
 *
 * @param index the driver's number of it
 * @param uuid "GPU-" and 36 characters
 * @param capability the compute capability
 * @param totalMegabytes of its memory, of 2^20 bytes
 */
public record Card(
    int index, String uuid, String name, Version capability, Version driver, long totalMegabytes) {
  /** The oldest that the natives have machine code for. */
  private static final Version LEAST_CAPABILITY = new Version(7, 5);

  /** The first with products of bfloat16. */
  private static final Version BF16_CAPABILITY = new Version(8, 0);

  /** The first branch of drivers for CUDA 13. */
  private static final Version LEAST_DRIVER = new Version(580, 0);

  /**
   * The card that a process calls by a number.
   *
   * @param cards of the machine
   * @param visible the variable CUDA_VISIBLE_DEVICES, if it is set
   * @param byBus whether CUDA counts cards as the driver does (CUDA_DEVICE_ORDER=PCI_BUS_ID); by
   *     itself it begins with the fastest
   * @param ordinal among those that the process sees
   * @return empty where that cannot be told: the variable names parts of cards (MIG) or a card that
   *     is not there, or cards of several kinds are counted in CUDA's own order
   */
  static Optional<Card> seenAs(
      List<Card> cards, @Nullable String visible, boolean byBus, int ordinal) {
    boolean countsAlike = byBus || cards.stream().map(Card::name).distinct().count() <= 1;
    if (visible == null) {
      return cards.stream().filter(card -> countsAlike && card.index == ordinal).findFirst();
    }
    String[] names = visible.strip().split("\\s*,\\s*", -1);
    if (ordinal >= names.length) {
      return Optional.empty();
    }
    String name = names[ordinal];
    return cards.stream()
        .filter(
            card ->
                (countsAlike && String.valueOf(card.index).equals(name))
                    || (name.startsWith("GPU-") && card.uuid.startsWith(name)))
        .findFirst();
  }

  /** Why libtorch cannot compute on this card, and what to do; empty where it can. */
  Optional<String> obstacle() {
    if (capability.compareTo(LEAST_CAPABILITY) < 0) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s has compute capability %s, and libtorch has code for %s and newer: take another"
                  + " card, or engine=dl4j",
              name,
              capability,
              LEAST_CAPABILITY));
    }
    if (driver.compareTo(LEAST_DRIVER) < 0) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%s has driver %s, and CUDA 13 needs %d or newer: update the machine's driver",
              name,
              driver,
              LEAST_DRIVER.major()));
    }
    return Optional.empty();
  }

  /** Whether it multiplies matrices in this precision. */
  boolean has(Precision precision) {
    return precision != Precision.BF16 || capability.compareTo(BF16_CAPABILITY) >= 0;
  }

  /** For the log. */
  String description() {
    return String.format(
        Locale.ROOT,
        "%s, compute capability %s, driver %s, %d MB",
        name,
        capability,
        driver,
        totalMegabytes);
  }
}
