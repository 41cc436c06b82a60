/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.parameter;

import java.util.Arrays;

/**
 * One parameter tensor of a layer.
 *
 * @param name its name within the layer, such as {@code attention.qkv.weight}
 * @param initial how it starts
 * @param decay whether AdamW's weight decay acts on it
 * @param shape row-major
 */
// The sides of a shape, as everywhere in ND4J.
@SuppressWarnings("ArrayRecordComponent")
public record ParameterSpec(String name, InitialValues initial, Decay decay, long... shape) {
  /** Whether weight decay acts on a tensor: on matrices of linear layers only. */
  public enum Decay {
    DECAYED,
    EXEMPT
  }

  /** The weight of a linear layer: drawn, and decayed. */
  public static ParameterSpec weight(String name, long... shape) {
    return new ParameterSpec(name, InitialValues.DRAWN, Decay.DECAYED, shape);
  }

  /** A tensor that weight decay leaves alone. */
  public static ParameterSpec exempt(String name, InitialValues initial, long... shape) {
    return new ParameterSpec(name, initial, Decay.EXEMPT, shape);
  }

  /** The number of elements. */
  public long length() {
    return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }
}
