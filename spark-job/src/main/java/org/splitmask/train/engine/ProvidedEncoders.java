/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import org.splitmask.train.model.NetworkShape;

/** Encoders of an artefact that spark-job does not contain. */
public record ProvidedEncoders(EngineArtefact artefact, EngineSettings settings)
    implements EncoderFactory {
  @Override
  public FrozenEncoder open(NetworkShape shape, float[] parameters, int threads) {
    return artefact.provider().encoders(settings).open(shape, parameters, threads);
  }
}
