/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

/** The engines that a configuration can choose. */
public enum EngineKind {
  /** {@link org.splitmask.train.engine.host.HostEngine}. */
  DL4J,
  /** The engine on libtorch, in the artefact spark-job-torch. */
  TORCH
}
