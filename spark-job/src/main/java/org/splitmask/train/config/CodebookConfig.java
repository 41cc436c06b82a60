/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.train.config.RunConfig.PixelStatistics;
import org.splitmask.train.target.TokenCentering;

/** What decides a codebook that is fitted on a table; give what the training will be given. */
public record CodebookConfig(
    @Key(defaultValue = "224", help = "side of the model's input in pixels") int cropSize,
    @Key(defaultValue = "16", help = "side of the model's patches in pixels") int patchSize,
    @Key(defaultValue = "8192", help = "tokens that a patch can be; at least 2") int vocabulary,
    @Key(
            defaultValue = "global",
            help = "what is taken off a patch before it is compared with the vocabulary")
        TokenCentering tokenCentering,
    @Key(defaultValue = "imagenet", help = "pixel mean and deviation that inputs are scaled with")
        PixelStatistics pixelStatistics,
    @Key(defaultValue = "42", help = "everything random follows from it") long seed,
    @Key(
            defaultValue = "3000000",
            help = "most patches that k-means looks at; from 10 times vocabulary to 3000000")
        int samplePatches,
    @Key(defaultValue = "20", help = "most iterations of k-means; 1 to 1000") int iterations)
    implements Serializable {
  /** SplitMask, section 3.3: more change nothing, and a driver has to hold what clusters need. */
  private static final int MOST_PATCHES = 3_000_000;

  /** Fewer patches are no cluster. */
  private static final int LEAST_PER_TOKEN = 10;

  private static final int MOST_ITERATIONS = 1000;

  public CodebookConfig {
    Check.that(vocabulary >= 2, "vocabulary must be at least 2, was %d", vocabulary);
    Check.that(
        samplePatches >= (long) LEAST_PER_TOKEN * vocabulary && samplePatches <= MOST_PATCHES,
        "sample-patches must be from %d times vocabulary to %d, was %d for a vocabulary of %d",
        LEAST_PER_TOKEN,
        MOST_PATCHES,
        samplePatches,
        vocabulary);
    Check.that(
        iterations >= 1 && iterations <= MOST_ITERATIONS,
        "iterations must be from 1 to %d, was %d",
        MOST_ITERATIONS,
        iterations);
  }
}
