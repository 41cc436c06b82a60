/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

/**
 * One parameter tensor of a layer.
 *
 * @param name its name within the layer, such as {@code attention.qkv.weight}
 * @param initial how it starts
 * @param decay whether AdamW's weight decay acts on it
 * @param shape row-major
 */
public record ParameterSpec(String name, Initial initial, Decay decay, long... shape) {
  /** How a tensor starts. */
  public enum Initial {
    /** Normal with deviation 0.02, cut at ±2 deviations. */
    TRUNCATED_NORMAL,
    ZEROS,
    ONES,
    /** Every element is the layer's own constant: layer scale. */
    LAYER_SCALE
  }

  /** Whether weight decay acts on a tensor: on matrices of linear layers only. */
  public enum Decay {
    DECAYED,
    EXEMPT
  }

  static ParameterSpec weight(String name, long... shape) {
    return new ParameterSpec(name, Initial.TRUNCATED_NORMAL, Decay.DECAYED, shape);
  }

  static ParameterSpec exempt(String name, Initial initial, long... shape) {
    return new ParameterSpec(name, initial, Decay.EXEMPT, shape);
  }

  /** The number of elements. */
  public long length() {
    long length = 1;
    for (long side : shape) {
      length *= side;
    }
    return length;
  }
}
