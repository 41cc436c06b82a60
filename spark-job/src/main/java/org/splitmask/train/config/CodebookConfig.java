/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.Augmentation;
import org.splitmask.train.config.InputConfig.PixelStatistics;
import org.splitmask.train.target.TokenCentering;

/** What decides a codebook that is fitted on a table; give what the training will be given. */
public record CodebookConfig(
    @Key(defaultValue = "224", help = "side of the model's input in pixels") int cropSize,
    @Key(defaultValue = "16", help = "side of the model's patches in pixels") int patchSize,
    @Key(defaultValue = "8192", help = "number of tokens; at least 2") int vocabulary,
    @Key(
            defaultValue = "global",
            help =
                "mean that is subtracted from a patch before it is compared with the vocabulary;"
                    + " global: none but that of the pixel-statistics; patch: its own; channel:"
                    + " that of each of its channels")
        TokenCentering tokenCentering,
    @Key(
            defaultValue = "imagenet",
            help = "mean and standard deviation that normalise pixels: ImageNet's or the table's")
        PixelStatistics pixelStatistics,
    @Key(defaultValue = "standard", help = InputConfig.AUGMENTATION_HELP) Augmentation augmentation,
    @Key(defaultValue = "42", help = "seed of everything that is random") long seed,
    @Key(defaultValue = "0", help = CodebookConfig.PATCHES_HELP) int codebookPatches,
    @Key(defaultValue = "20", help = CodebookConfig.ITERATIONS_HELP) int codebookIterations)
    implements Serializable {
  static final String PATCHES_HELP =
      "most patches that tokenizer=k-means looks at, from 10 times vocabulary to 3000000; 0"
          + " means 100 times vocabulary";
  static final String ITERATIONS_HELP = "most iterations of tokenizer=k-means; 1 to 1000";

  /** SplitMask, section 3.3: more change nothing, and a driver has to hold what clusters need. */
  private static final int MOST_PATCHES = 3_000_000;

  /** Fewer patches are no cluster. */
  private static final int LEAST_PER_TOKEN = 10;

  /** What k-means costs grows with patches times tokens; a hundred each settle a direction. */
  private static final int USUAL_PER_TOKEN = 100;

  private static final int MOST_ITERATIONS = 1000;

  public CodebookConfig {
    check(vocabulary, codebookPatches, codebookIterations);
  }

  static void check(int vocabulary, int codebookPatches, int codebookIterations) {
    Check.that(vocabulary >= 2, "vocabulary must be at least 2, was %d", vocabulary);
    Check.that(
        codebookPatches == 0
            || (codebookPatches >= (long) LEAST_PER_TOKEN * vocabulary
                && codebookPatches <= MOST_PATCHES),
        "codebook-patches must be 0, or from %d times vocabulary to %d, was %d for a vocabulary of %d",
        LEAST_PER_TOKEN,
        MOST_PATCHES,
        codebookPatches,
        vocabulary);
    Check.that(
        codebookIterations >= 1 && codebookIterations <= MOST_ITERATIONS,
        "codebook-iterations must be from 1 to %d, was %d",
        MOST_ITERATIONS,
        codebookIterations);
  }

  /** Patches that k-means looks at, at most. */
  public int patches() {
    return codebookPatches > 0
        ? codebookPatches
        : (int) Math.min((long) USUAL_PER_TOKEN * vocabulary, MOST_PATCHES);
  }
}
