/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.PositionTableLayer.Positions;

/** The network's sizes. */
public record ModelConfig(
    @Key(
            defaultValue = "224",
            help =
                "side of the model's input in pixels; a multiple of patch-size; at most the table's"
                    + " image-size, or pictures are enlarged")
        int cropSize,
    @Key(defaultValue = "16", help = "side of a patch in pixels; may differ from the table's")
        int patchSize,
    @Key(defaultValue = "384", help = "width of a token; a multiple of heads") int width,
    @Key(defaultValue = "12", help = "blocks of the encoder; at least 1") int depth,
    @Key(defaultValue = "6", help = "attention heads") int heads,
    @Key(defaultValue = "4", help = "hidden width of the MLP divided by width; positive")
        double mlpRatio,
    @Key(defaultValue = "2", help = "blocks of the decoder; at least 1") int decoderDepth,
    @Key(
            defaultValue = "learned",
            help = "position embeddings: learned, or fixed sines and cosines (sincos)")
        Positions positions,
    @Key(defaultValue = "0", help = "initial value of layer scale; 0 for none") double layerScale,
    @Key(
            defaultValue = "0",
            help =
                "probability of drop path at the encoder's last block, rising linearly from 0 at"
                    + " the first; [0, 1)")
        double dropPath)
    implements Serializable {
  /** The network for this input. */
  public NetworkShape networkShape(ModelInput input) {
    return new NetworkShape(
        input.gridSide(),
        input.patchValues(),
        width,
        depth,
        heads,
        (int) Math.round(mlpRatio * width),
        decoderDepth,
        positions,
        input.gridSide(),
        layerScale,
        dropPath);
  }
}
