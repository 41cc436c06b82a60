/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.engine;

/** How exactly an engine computes; parameters, moments and losses are float32 in all of them. */
public enum Precision {
  /** All products in float32. */
  FLOAT32,
  /** On a card, products of float32 with 10 bits of mantissa; elsewhere as float32. */
  TF32,
  /** Products in bfloat16; norms, softmax and losses in float32. */
  BF16
}
