/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine.host;

import org.splitmask.train.engine.EncoderFactory;
import org.splitmask.train.engine.FrozenEncoder;
import org.splitmask.train.model.NetworkShape;

/** Opens {@link HostEncoder}s. */
public record HostEncoders() implements EncoderFactory {
  @Override
  public FrozenEncoder open(NetworkShape shape, float[] parameters, int threads) {
    return new HostEncoder(shape, parameters, threads);
  }
}
