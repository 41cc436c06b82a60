/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.splitmask.train.engine.EncoderFactory;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.EngineProvider;
import org.splitmask.train.engine.EngineSettings;

/** How spark-job finds this artefact. */
public final class TorchEngineProvider implements EngineProvider {
  @Override
  public String key() {
    return "torch";
  }

  @Override
  public EngineFactory engines(EngineSettings settings) {
    return new TorchEngines(settings);
  }

  @Override
  public EncoderFactory encoders(EngineSettings settings) {
    return new TorchEncoders(settings);
  }
}
