/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.splitmask;

import java.io.Serializable;
import org.splitmask.train.batch.AugmentedCrops;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.split.PatchSplitter;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenSpace;

/**
 * What decides a mini-batch besides its rows.
 *
 * @param crops the views of the pictures
 * @param splitter which patches each branch sees
 * @param codebook what patches are to be inpainted as
 * @param tokenSpace what they are compared with the codebook in
 */
public record SplitMaskInput(
    AugmentedCrops crops, PatchSplitter splitter, Codebook codebook, TokenSpace tokenSpace)
    implements Serializable {
  /** How pictures become the model's input. */
  public ModelInput input() {
    return crops.input();
  }
}
