/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

import java.io.Serializable;
import org.splitmask.train.model.NetworkShape;

/** What encoders are computed with; tasks get it with the pictures. */
@FunctionalInterface
public interface EncoderFactory extends Serializable {
  /**
   * An encoder; who opens it closes it.
   *
   * @param parameters in the encoder's own layout
   * @param threads the native threads of a task
   */
  FrozenEncoder open(NetworkShape shape, float[] parameters, int threads);
}
