/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import java.util.ArrayList;
import java.util.List;
import org.splitmask.common.failure.Check;

/**
 * Deals the images of each epoch to workers and steps: a pure function of the cursor, so that a
 * resumed run plans what an undisturbed one would have. Every image is taken once an epoch, every
 * worker takes the same number of steps, and mini-batches differ by one image at most.
 *
 * @param images the images of the train split
 * @param length when the run is over
 * @param workers W
 * @param batchSize the largest mini-batch of one worker
 * @param batchesPerUpdate mini-batches of one worker's step
 * @param stepsPerRound k, the local steps between two averages
 * @param postLocalShare the share of the run, at its start, in which every step is averaged
 *     (post-local SGD, Lin et al., 1808.07217)
 * @param endsWithEpoch whether a round ends where an epoch does, so that images which its workers
 *     left can go back into that epoch
 */
public record RoundPlanner(
    int images,
    RunLength length,
    int workers,
    int batchSize,
    int batchesPerUpdate,
    int stepsPerRound,
    double postLocalShare,
    boolean endsWithEpoch) {
  /** Places in an epoch's order are indices of arrays, and Java's hold no more. */
  public static final int MOST_IMAGES = Integer.MAX_VALUE - 8;

  /** The match loss has no negative in a mini-batch of one. */
  private static final int LEAST_BATCH = 2;

  private static final int MOST_STEP_IMAGES = 1 << 24;

  public RoundPlanner {
    Check.that(workers >= 1, "workers must be at least 1, was %d", workers);
    Check.that(
        batchSize >= LEAST_BATCH,
        "batch-size must be at least 2, was %d: the match loss has no negative in a batch of one",
        batchSize);
    Check.that(
        batchesPerUpdate >= 1, "batches-per-update must be at least 1, was %d", batchesPerUpdate);
    Check.that(
        (long) batchSize * batchesPerUpdate <= MOST_STEP_IMAGES,
        "batch-size %d times batches-per-update %d must be at most %d",
        batchSize,
        batchesPerUpdate,
        MOST_STEP_IMAGES);
    Check.that(stepsPerRound >= 1, "steps-per-round must be at least 1, was %d", stepsPerRound);
    Check.that(
        postLocalShare >= 0 && postLocalShare < 1,
        "post-local-share must be in [0, 1), was %s",
        postLocalShare);
    long least = (long) LEAST_BATCH * batchesPerUpdate * workers;
    Check.data(
        images >= least,
        "the train split has %d images, %d workers need at least %d (two for each mini-batch of a"
            + " step); use fewer workers or batches-per-update, or prepare more pictures",
        images,
        workers,
        least);
  }

  /** With the same steps in every round, whose workers all come to their end. */
  public RoundPlanner(
      int images,
      RunLength length,
      int workers,
      int batchSize,
      int batchesPerUpdate,
      int stepsPerRound) {
    this(images, length, workers, batchSize, batchesPerUpdate, stepsPerRound, 0, false);
  }

  /** The images of a train split as they are counted here; more than there can be are refused. */
  public static int countable(long images) {
    Check.data(
        images <= MOST_IMAGES,
        "the train split has %d images, a run can have at most %d; prepare several smaller tables,"
            + " or give more pictures to the other splits",
        images,
        MOST_IMAGES);
    return (int) images;
  }

  /** Whether nothing is left to do. */
  public boolean isDone(Cursor cursor) {
    return share(cursor) >= 1;
  }

  /** The same plan for another number of workers. */
  public RoundPlanner withWorkers(int other) {
    return new RoundPlanner(
        images,
        length,
        other,
        batchSize,
        batchesPerUpdate,
        stepsPerRound,
        postLocalShare,
        endsWithEpoch);
  }

  /** How many workers there can be at most: each needs two images for each mini-batch of a step. */
  public int mostWorkers() {
    return images / leastStep();
  }

  /**
   * The next round: k steps, fewer at the end of the run. What a change of workers left of an epoch
   * may be too little for a step of all: a round of fewer workers takes it.
   */
  public RoundPlan plan(Cursor start) {
    return isShort(start)
        ? withWorkers(start.imagesLeft() / leastStep()).steps(start, 1)
        : steps(start, share(start) < postLocalShare ? 1 : stepsPerRound);
  }

  /** Whether what is left of the epoch is enough for some of the workers, and not for all. */
  private boolean isShort(Cursor cursor) {
    int enoughFor = cursor.imagesLeft() / leastStep();
    return enoughFor > 0 && enoughFor < workers;
  }

  private int leastStep() {
    return LEAST_BATCH * batchesPerUpdate;
  }

  private RoundPlan steps(Cursor start, int most) {
    List<List<StepPlan>> steps = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      steps.add(new ArrayList<>());
    }
    Cursor cursor = settled(start);
    for (int step = 0; step < most && !isDone(cursor); step++) {
      if (endsWithEpoch && step > 0 && cursor.lanes().isEmpty()) {
        break;
      }
      cursor = addStep(dealt(cursor), steps);
    }
    return new RoundPlan(steps, cursor);
  }

  /**
   * The rounds from the cursor to the end, this plan kept and all workers with it; about, with a
   * bound on images, a share in which every step is averaged, or rounds that end with epochs.
   */
  public int roundsLeft(Cursor start) {
    if (isShort(start) && !isDone(start)) {
      return 1 + roundsLeft(plan(start).next());
    }
    Cursor cursor = settled(start);
    long steps = 0;
    long inEpoch = 0;
    if (!isDone(cursor)) {
      inEpoch = dealt(cursor).stepsLeft();
      long whole = (long) (length.epochs() - cursor.epoch() - 1) * stepsFor(images);
      steps = inEpoch + whole;
      if (length.updates() > 0) {
        steps = Math.min(steps, length.updates() - cursor.updates());
      }
      if (length.images() > 0) {
        double left = (double) (length.images() - imagesSeen(cursor)) / images;
        steps = Math.min(steps, (long) Math.ceil(left * stepsFor(images)));
      }
    }
    double share = share(cursor);
    long single = 0;
    if (share < postLocalShare) {
      double exact = (postLocalShare - share) / (1 - share) * steps;
      single = (long) Math.ceil(exact - 1e-6); // a share that is a whole step has digits too many
    }
    return Math.toIntExact(single + roundsOf(steps - single, inEpoch - single));
  }

  /**
   * The rounds of so many steps.
   *
   * @param inEpoch how many of them the epoch of the first has; where it is over, as many less
   */
  private long roundsOf(long steps, long inEpoch) {
    if (!endsWithEpoch) {
      return rounds(steps);
    }
    int epochSteps = stepsFor(images);
    long first = Math.min(steps, Math.floorMod(inEpoch, epochSteps));
    long rest = steps - first;
    return rounds(first) + rest / epochSteps * rounds(epochSteps) + rounds(rest % epochSteps);
  }

  private long rounds(long steps) {
    return (steps + stepsPerRound - 1) / stepsPerRound;
  }

  /** The images seen before the cursor, over all epochs. */
  public long imagesSeen(Cursor cursor) {
    if (cursor.epoch() >= length.epochs()) {
      return (long) length.epochs() * images;
    }
    int left = cursor.lanes().isEmpty() ? images : cursor.imagesLeft();
    return (cursor.epoch() + 1L) * images - left;
  }

  /** The images of the whole run, about: its last step may take a few more. */
  public long imagesInAll() {
    long all = (long) length.epochs() * images;
    if (length.updates() > 0) {
      all = Math.min(all, Math.round((double) length.updates() / stepsFor(images) * images));
    }
    return length.images() > 0 ? Math.min(all, length.images()) : all;
  }

  /** The images from the cursor to the end, about, as {@link #imagesInAll}. */
  public long imagesLeft(Cursor cursor) {
    long seen = imagesSeen(cursor);
    long left = (long) length.epochs() * images - seen;
    if (length.updates() > 0) {
      double epochs = (double) (length.updates() - cursor.updates()) / stepsFor(images);
      left = Math.min(left, Math.round(epochs * images));
    }
    if (length.images() > 0) {
      left = Math.min(left, length.images() - seen);
    }
    return Math.max(0, left);
  }

  /** The share of the run that is done. */
  private double share(Cursor cursor) {
    return length.share(images, cursor.updates(), imagesSeen(cursor));
  }

  private Cursor addStep(Cursor cursor, List<List<StepPlan>> steps) {
    List<List<Range>> rest = new ArrayList<>();
    List<List<Range>> taken = new ArrayList<>();
    for (List<Range> lane : cursor.lanes()) {
      int length = Range.length(lane);
      int size = length / cursor.stepsLeft();
      taken.add(Range.slice(lane, 0, size));
      rest.add(Range.slice(lane, size, length));
    }
    int stepsLeft = cursor.stepsLeft() - 1;
    Cursor next =
        stepsLeft == 0
            ? Cursor.startOf(cursor.epoch() + 1, cursor.updates() + 1)
            : new Cursor(
                cursor.epoch(), cursor.updates() + 1, stepsLeft, cursor.stepImages(), rest);
    double progress = share(next);
    for (int worker = 0; worker < workers; worker++) {
      steps.get(worker).add(new StepPlan(cursor.epoch(), taken.get(worker), progress));
    }
    return next;
  }

  /** The cursor with lanes for this plan's workers: as they are, or dealt anew. */
  private Cursor dealt(Cursor cursor) {
    boolean planned =
        cursor.lanes().size() == workers
            && cursor.stepsLeft() > 0
            && cursor.stepImages() == stepImages();
    if (planned) {
      return cursor;
    }
    List<Range> places = new ArrayList<>();
    if (cursor.lanes().isEmpty()) {
      places.add(new Range(0, images));
    } else {
      cursor.lanes().forEach(places::addAll);
    }
    int left = Range.length(places);
    List<List<Range>> lanes = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      int from = (int) ((long) left * worker / workers);
      int to = (int) ((long) left * (worker + 1) / workers);
      lanes.add(Range.slice(places, from, to));
    }
    return new Cursor(cursor.epoch(), cursor.updates(), stepsFor(left), stepImages(), lanes);
  }

  /**
   * The cursor, or the next epoch's start where too few images are left for a step of one worker:
   * only if this plan's steps are larger than those that left them.
   */
  private Cursor settled(Cursor cursor) {
    boolean stranded = !cursor.lanes().isEmpty() && cursor.imagesLeft() < leastStep();
    return stranded ? Cursor.startOf(cursor.epoch() + 1, cursor.updates()) : cursor;
  }

  /** The most images of a worker's step. */
  private int stepImages() {
    return batchSize * batchesPerUpdate;
  }

  /** Enough steps for the batch size, but never so many that a mini-batch had one image. */
  private int stepsFor(int count) {
    long atOnce = (long) workers * stepImages();
    long enough = (count + atOnce - 1) / atOnce;
    long most = count / workers / (LEAST_BATCH * batchesPerUpdate);
    return (int) Math.max(1, Math.min(enough, most));
  }
}
