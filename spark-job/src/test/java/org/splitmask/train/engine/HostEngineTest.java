/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import org.splitmask.train.engine.host.HostEngines;

/** The engine that the configuration chooses by default. */
class HostEngineTest extends TrainingEngineContract {
  @Override
  protected EngineFactory engines() {
    return new HostEngines();
  }

  @Override
  protected double lossTolerance() {
    return 0;
  }
}
