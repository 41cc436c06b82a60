/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.Precision;

/**
 * Which device a worker computes on.
 *
 * @param cards what this process has of them
 * @param patience how long to wait for a card that another worker has
 * @param freeBytes of a card's memory
 */
public record DeviceChoice(
    Cards cards, Duration patience, ToLongFunction<ComputeDevice> freeBytes) {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceChoice.class);

  public DeviceChoice(Cards cards, Duration patience) {
    this(cards, patience, ComputeDevice::freeBytes);
  }

  /**
   * The device of this worker, for it alone.
   *
   * @throws org.splitmask.common.failure.SplitMaskException blaming the user where there is no card
   *     and the settings want one, or one that is another worker's or lacks the precision
   */
  public ClaimedDevice claimed(EngineSettings settings) {
    ComputeDevice device = shared(settings);
    return device.isCpu() ? ClaimedDevice.processors() : claimed(device);
  }

  /** The same device, but others may compute on it too. */
  public ComputeDevice shared(EngineSettings settings) {
    if (settings.device() == DeviceKind.CPU) {
      return ComputeDevice.CPU;
    }
    Optional<String> missing = cards.missing();
    if (missing.isEmpty()) {
      checkPrecision(settings.precision());
      return ComputeDevice.card(cards.ordinal());
    }
    if (settings.isCpuAllowed()) {
      LOG.warn("device=cuda, but {}: this worker computes on processors", missing.get());
      return ComputeDevice.CPU;
    }
    throw Check.failure(
        Blame.USER,
        "device=cuda, but %s; or compute on processors: device=cpu, or on-missing-gpu=cpu",
        missing.get());
  }

  private void checkPrecision(Precision precision) {
    cards
        .card()
        .ifPresent(
            card ->
                Check.that(
                    card.has(precision),
                    "precision=%s, but GPU %d (%s) has compute capability %s and does not compute"
                        + " in it; use precision=float32",
                    precision.name().toLowerCase(Locale.ROOT),
                    cards.ordinal(),
                    card.name(),
                    card.capability()));
  }

  private ClaimedDevice claimed(ComputeDevice device) {
    Optional<Card> card = cards.card();
    CardClaim claim = CardClaim.of(cards.locks(), cards.name(), patience);
    try {
      long free = freeBytes.applyAsLong(device);
      LOG.info(
          "this worker computes on {}{}, {} MB free",
          device.words(),
          card.map(known -> ": " + known.description()).orElse(""),
          free >> 20);
      return new ClaimedDevice(device, OptionalLong.of(free), claim);
    } catch (RuntimeException | Error failure) {
      claim.close();
      throw failure;
    }
  }
}
