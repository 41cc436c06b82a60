/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import java.util.Locale;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.train.loss.MatchLoss.Negatives;
import org.splitmask.train.split.BlockMasker;
import org.splitmask.train.split.BlockSplitter;
import org.splitmask.train.split.PatchSplitter;
import org.splitmask.train.split.UniformSplitter;
import org.splitmask.train.splitmask.Objective;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.target.TokenCentering;
import org.splitmask.train.target.Tokenizer;

/** What is learned. */
public record ObjectiveConfig(
    @Key(
            defaultValue = "block",
            help =
                "how the patches are divided between the two branches; none is BEiT's objective:"
                    + " one branch, 75 of 196 patches masked in blocks, no decoder and no match"
                    + " loss")
        Split split,
    @Key(
            defaultValue = "0.5",
            help = "share of the patches that a branch of split=uniform does not see; [0.5, 1)")
        double splitRatio,
    @Key(
            defaultValue = "random-projection",
            help =
                "how the vocabulary is made: random vectors, or patches or centroids of the table's"
                    + " patches")
        Tokenizer tokenizer,
    @Key(defaultValue = "8192", help = "number of tokens; at least 2") int vocabulary,
    @Key(
            defaultValue = "global",
            help =
                "mean that is subtracted from a patch before it is compared with the vocabulary;"
                    + " global: none but that of the pixel-statistics; patch: its own; channel:"
                    + " that of each of its channels")
        TokenCentering tokenCentering,
    @Key(defaultValue = "0", help = CodebookConfig.PATCHES_HELP) int codebookPatches,
    @Key(defaultValue = "20", help = CodebookConfig.ITERATIONS_HELP) int codebookIterations,
    @Key(defaultValue = "1", help = "factor on the inpaint loss; not negative")
        double inpaintWeight,
    @Key(
            defaultValue = "1",
            help = "factor on the match loss; not negative; without effect where split=none")
        double matchWeight,
    @Key(defaultValue = "0.2", help = "temperature of InfoNCE; positive") double matchTemperature,
    @Key(
            defaultValue = "opposite",
            help =
                "negatives of InfoNCE: the opposite branch of the other images, or both branches"
                    + " of them")
        Negatives matchNegatives)
    implements Serializable {
  /** How patches are dealt to the two branches. */
  public enum Split {
    BLOCK,
    UNIFORM,
    NONE
  }

  public ObjectiveConfig {
    Check.that(
        split == Split.UNIFORM || splitRatio == 0.5,
        "split-ratio %s goes with split=uniform, not with split=%s",
        splitRatio,
        split.name().toLowerCase(Locale.ROOT));
    Check.that(matchWeight >= 0, "match-weight must not be negative, was %s", matchWeight);
    CodebookConfig.check(vocabulary, codebookPatches, codebookIterations);
  }

  /** The losses. */
  public Objective objective() {
    Branches branches = split == Split.NONE ? Branches.ONE : Branches.TWO;
    return new Objective(
        branches,
        vocabulary,
        inpaintWeight,
        branches == Branches.ONE ? 0 : matchWeight,
        matchTemperature,
        matchNegatives);
  }

  /** The splitter of a G×G grid. */
  public PatchSplitter splitter(int gridSide) {
    return switch (split) {
      case BLOCK -> new BlockSplitter(gridSide);
      case NONE -> new BlockMasker(gridSide);
      case UNIFORM -> new UniformSplitter(gridSide * gridSide, splitRatio);
    };
  }
}
