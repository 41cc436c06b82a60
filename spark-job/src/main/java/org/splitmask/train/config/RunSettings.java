/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.splitmask.common.config.Configurations;
import org.splitmask.train.averaging.OuterStep;
import org.splitmask.train.optimizer.Optimisation;

/** What every configuration of a run has, whatever the run learns. A record with keys. */
public interface RunSettings {
  /** How long, on how many workers, and what is kept. */
  RunConfig run();

  /** How workers follow their gradients. */
  Optimisation optimisation();

  /**
   * The factor on the rates of {@link #optimisation} with other workers than {@link
   * RunConfig#plannedWorkers}.
   */
  default double rateFactor(int workers) {
    return 1;
  }

  /** What is done with the workers' average. */
  OuterStep outerStep();

  /** The keys that may change when the run is resumed; all others are the run's identity. */
  Set<String> changeable();

  /** The effective values of the keys that are the run's identity. */
  default Map<String, String> identity() {
    Map<String, String> identity = new TreeMap<>(Configurations.effective((Record) this));
    identity.keySet().removeAll(changeable());
    return identity;
  }
}
