/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import java.time.Duration;
import org.splitmask.torch.device.Cards;
import org.splitmask.torch.device.ComputeDevice;
import org.splitmask.torch.device.DeviceChoice;
import org.splitmask.torch.device.Libtorch;
import org.splitmask.train.engine.EncoderFactory;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.FrozenEncoder;
import org.splitmask.train.model.NetworkShape;

/**
 * Opens {@link TorchEncoder}s. The tasks of a process share its card, each with its own copy of the
 * parameters there: unlike a training engine, an encoder is small beside a card's memory.
 */
record TorchEncoders(EngineSettings settings) implements EncoderFactory {
  @Override
  public FrozenEncoder open(NetworkShape shape, float[] parameters, int threads) {
    ComputeDevice device = new DeviceChoice(Cards.ofThisProcess(), Duration.ZERO).shared(settings);
    Libtorch.cards(); // where it cannot be loaded, that is said here
    return new TorchEncoder(shape, parameters, device, settings.precision(), threads);
  }
}
