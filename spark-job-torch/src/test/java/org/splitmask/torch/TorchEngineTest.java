/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch;

import org.splitmask.train.engine.DeviceKind;
import org.splitmask.train.engine.EngineFactory;
import org.splitmask.train.engine.EngineSettings;
import org.splitmask.train.engine.Precision;
import org.splitmask.train.engine.TrainingEngineContract;

/** The engine on libtorch, on this machine's processors. */
class TorchEngineTest extends TrainingEngineContract {
  static final EngineFactory ENGINES = engines(Precision.FLOAT32);

  static EngineFactory engines(Precision precision) {
    return new TorchEngines(new EngineSettings(DeviceKind.CPU, false, precision, false));
  }

  @Override
  protected EngineFactory engines() {
    return ENGINES;
  }

  @Override
  protected double lossTolerance() {
    return 0.01;
  }
}
