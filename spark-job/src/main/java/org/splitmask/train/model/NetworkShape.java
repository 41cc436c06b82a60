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
 * @param positionGrid the grid side whose positions are meant: G, or the side of the grid that the
 *     network was trained on where it is used on another
 * @param layerScale the initial value of layer scale, 0 for none
 * @param dropPath the rate of stochastic depth at the encoder's last block, rising linearly from 0
 *     at the first; an encoder of one block has the whole rate
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
    int positionGrid,
    double layerScale,
    double dropPath)
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
    Check.that(
        hidden > 0, "mlp-ratio must be positive: it makes a hidden layer of %d values", hidden);
    Check.that(depth > 0, "depth must be at least 1, was %d", depth);
    Check.that(decoderDepth > 0, "decoder-depth must be at least 1, was %d", decoderDepth);
    Check.that(layerScale >= 0, "layer-scale must be 0 (none) or positive, was %s", layerScale);
    Check.that(dropPath >= 0 && dropPath < 1, "drop-path must be in [0, 1), was %s", dropPath);
  }

  /** A shape without layer scale and drop path. */
  public static NetworkShape plain(
      int gridSide,
      int patchValues,
      int width,
      int depth,
      int heads,
      int hidden,
      int decoderDepth,
      Positions positions) {
    return new NetworkShape(
        gridSide,
        patchValues,
        width,
        depth,
        heads,
        hidden,
        decoderDepth,
        positions,
        gridSide,
        0,
        0);
  }

  /** This network for pictures of another size, cut into G×G patches of the same side. */
  public NetworkShape onGrid(int otherGridSide) {
    return new NetworkShape(
        otherGridSide,
        patchValues,
        width,
        depth,
        heads,
        hidden,
        decoderDepth,
        positions,
        positionGrid,
        layerScale,
        dropPath);
  }

  /** L. */
  public int patches() {
    return gridSide * gridSide;
  }

  /** The rate of drop path at a block of the encoder. */
  public double dropPathOfBlock(int block) {
    return depth == 1 ? dropPath : dropPath * block / (depth - 1);
  }
}
