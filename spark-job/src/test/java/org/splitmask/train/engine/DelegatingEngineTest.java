/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

/** A second engine, which leaves everything to the first: the seam lets engines in from outside. */
class DelegatingEngineTest extends TrainingEngineContract {
  @Override
  protected EngineFactory engines() {
    return new DelegatingEngines();
  }

  @Override
  protected double lossTolerance() {
    return 0;
  }
}
