/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

/** A kind of engine in an artefact of its own, which Java's ServiceLoader finds. */
public interface EngineProvider {
  /** What the key {@code engine} calls it. */
  String key();

  /** Engines with these settings. */
  EngineFactory engines(EngineSettings settings);

  /** Encoders with these settings. */
  EncoderFactory encoders(EngineSettings settings);
}
