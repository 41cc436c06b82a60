/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import java.io.Serializable;
import org.splitmask.common.failure.Check;

/**
 * When a run is over, whichever comes first. Rates follow the share of it that is done.
 *
 * @param epochs how often every image is seen at most
 * @param updates of the parameters at most; 0 for no such bound
 * @param images at most, counted as often as they are seen; 0 for no such bound
 */
public record RunLength(int epochs, long updates, long images) implements Serializable {
  public RunLength {
    Check.that(epochs >= 1, "epochs must be at least 1, was %d", epochs);
    Check.that(updates >= 0, "max-updates must be 0 (no bound) or positive, was %d", updates);
    Check.that(images >= 0, "max-images must be 0 (no bound) or positive, was %d", images);
  }

  /** So many epochs, however many updates they are. */
  public static RunLength ofEpochs(int epochs) {
    return new RunLength(epochs, 0, 0);
  }

  /**
   * The share that is done, in [0, 1].
   *
   * @param tableImages of one epoch
   */
  double share(long tableImages, long updatesDone, long imagesSeen) {
    double share = (double) imagesSeen / ((double) epochs * tableImages);
    if (updates > 0) {
      share = Math.max(share, (double) updatesDone / updates);
    }
    if (images > 0) {
      share = Math.max(share, (double) imagesSeen / images);
    }
    return Math.min(1, share);
  }
}
