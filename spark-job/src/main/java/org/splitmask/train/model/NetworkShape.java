/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.model;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.model.PositionTableLayer.Positions;

/**
 * The sizes of the network.
 *
 * @param gridSide G, patches along a side; L = G²
 * @param patchValues P·P·C, the values of a patch
 * @param width D
 * @param depth the blocks of the encoder
 * @param heads H
 * @param hidden the width of an MLP's hidden layer
 * @param decoderDepth the blocks of the decoder
 * @param positions the kind of position embedding
 * @param layerScale the initial value of layer scale, 0 for none
 */
public record NetworkShape(
    int gridSide,
    int patchValues,
    int width,
    int depth,
    int heads,
    int hidden,
    int decoderDepth,
    Positions positions,
    double layerScale)
    implements Serializable {
  public NetworkShape {
    Check.that(width > 0 && heads > 0, "width and heads must be positive");
    Check.that(
        width % heads == 0,
        "width %d is not a multiple of heads %d; try width=%d",
        width,
        heads,
        heads * Math.max(1, width / heads));
    Check.that(
        positions == Positions.LEARNED || width % 4 == 0,
        "width %d is not a multiple of 4, which positions=sincos needs",
        width);
    Check.that(depth > 0, "depth must be at least 1, was %d", depth);
    Check.that(decoderDepth > 0, "decoder-depth must be at least 1, was %d", decoderDepth);
    Check.that(layerScale >= 0, "layer-scale must be 0 (none) or positive, was %s", layerScale);
  }

  /** L. */
  public int patches() {
    return gridSide * gridSide;
  }
}
