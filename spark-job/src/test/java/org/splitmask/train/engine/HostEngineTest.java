/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import org.splitmask.train.config.EngineKind;

/** The engine that the configuration chooses by default. */
class HostEngineTest extends TrainingEngineContract {
  @Override
  protected EngineFactory engines() {
    return EngineKind.DL4J;
  }

  @Override
  protected double lossTolerance() {
    return 0;
  }
}
