/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

/** How the learning rate that is given follows from the images of one update. */
public enum RateScaling {
  /** It is the rate itself. */
  NONE {
    @Override
    public double rate(double given, long images) {
      return given;
    }
  },
  /** It is meant for 2,048 images and grows with their number (Goyal et al., 1706.02677). */
  LINEAR {
    @Override
    public double rate(double given, long images) {
      return given * images / PAPER_IMAGES;
    }
  },
  /** It is meant for 2,048 images and grows with the root of their number, as suits Adam. */
  SQRT {
    @Override
    public double rate(double given, long images) {
      return given * Math.sqrt((double) images / PAPER_IMAGES);
    }
  };

  /** SplitMask's batch, for which its rate of 1.5e-3 is given. */
  private static final int PAPER_IMAGES = 2048;

  /**
   * The peak rate.
   *
   * @param images of one update, all workers and mini-batches together
   */
  public abstract double rate(double given, long images);
}
