/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import java.io.Serializable;
import org.splitmask.common.failure.Check;
import org.splitmask.train.batch.ModelInput;
import org.splitmask.train.model.NetworkShape;
import org.splitmask.train.model.Objective;
import org.splitmask.train.schedule.WarmupCosine;
import org.splitmask.train.split.PatchSplitter;
import org.splitmask.train.target.Codebook;
import org.splitmask.train.target.TokenSpace;

/**
 * Everything that a worker needs to know besides its images; sent to it once.
 *
 * @param clipNorm the largest global gradient norm; longer gradients are scaled down to it
 * @param mixedRowGroups how many row groups are mixed at a time
 * @param cacheBytes how many bytes of row groups a process keeps
 * @param threads the native threads of a worker
 * @param seed of the run
 */
public record TrainerSettings(
    NetworkShape shape,
    Objective objective,
    ModelInput input,
    PatchSplitter splitter,
    Codebook codebook,
    TokenSpace tokenSpace,
    AdamW adamW,
    WarmupCosine rate,
    double clipNorm,
    int mixedRowGroups,
    long cacheBytes,
    int threads,
    long seed)
    implements Serializable {
  public TrainerSettings {
    Check.that(clipNorm > 0, "clip-norm must be positive, was %s", clipNorm);
    Check.that(mixedRowGroups >= 1, "mixed-row-groups must be at least 1, was %d", mixedRowGroups);
    Check.that(threads >= 1, "threads must be at least 1, was %d", threads);
  }
}
