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
 * @param epochs how often each is seen
 * @param workers W
 * @param batchSize the largest mini-batch of one worker
 * @param stepsPerRound k, the local steps between two averages
 */
public record RoundPlanner(int images, int epochs, int workers, int batchSize, int stepsPerRound) {
  public RoundPlanner {
    Check.that(epochs >= 1, "epochs must be at least 1, was %d", epochs);
    Check.that(workers >= 1, "workers must be at least 1, was %d", workers);
    Check.that(
        batchSize >= 2,
        "batch-size must be at least 2, was %d: the match loss has no negative in a batch of one",
        batchSize);
    Check.that(stepsPerRound >= 1, "steps-per-round must be at least 1, was %d", stepsPerRound);
    Check.data(
        images >= 2L * workers,
        "the train split has %d images, %d workers need at least %d (two each); use fewer workers"
            + " or prepare more pictures",
        images,
        workers,
        2L * workers);
  }

  /** Whether nothing is left to do. */
  public boolean isDone(Cursor cursor) {
    return cursor.epoch() >= epochs;
  }

  /** The next round: k steps, fewer at the end of the run. */
  public RoundPlan plan(Cursor start) {
    List<List<StepPlan>> steps = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      steps.add(new ArrayList<>());
    }
    Cursor cursor = settled(start);
    for (int step = 0; step < stepsPerRound && !isDone(cursor); step++) {
      cursor = addStep(dealt(cursor), steps);
    }
    return new RoundPlan(steps, cursor);
  }

  /** The rounds from the cursor to the end, this plan kept. */
  public int roundsLeft(Cursor start) {
    Cursor cursor = settled(start);
    if (isDone(cursor)) {
      return 0;
    }
    long steps =
        dealt(cursor).stepsLeft() + (long) (epochs - cursor.epoch() - 1) * stepsFor(images);
    return Math.toIntExact((steps + stepsPerRound - 1) / stepsPerRound);
  }

  /** The images seen before the cursor, over all epochs. */
  public long imagesSeen(Cursor cursor) {
    int left =
        cursor.lanes().isEmpty() ? images : cursor.lanes().stream().mapToInt(Range::length).sum();
    return isDone(cursor) ? (long) epochs * images : (cursor.epoch() + 1L) * images - left;
  }

  /** The images of the whole run. */
  public long imagesInAll() {
    return (long) epochs * images;
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
            ? Cursor.startOf(cursor.epoch() + 1)
            : new Cursor(cursor.epoch(), stepsLeft, cursor.batchSize(), rest);
    double progress = (double) imagesSeen(next) / imagesInAll();
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
            && cursor.batchSize() == batchSize;
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
    return new Cursor(cursor.epoch(), stepsFor(left), batchSize, lanes);
  }

  /**
   * The cursor, or the next epoch's start where too few images are left to give each worker two:
   * only after a change of workers near an epoch's end.
   */
  private Cursor settled(Cursor cursor) {
    int left = cursor.lanes().stream().mapToInt(Range::length).sum();
    boolean stranded = !cursor.lanes().isEmpty() && left < 2 * workers;
    return stranded ? Cursor.startOf(cursor.epoch() + 1) : cursor;
  }

  /** Enough steps for the batch size, but never so many that a mini-batch had one image. */
  private int stepsFor(int count) {
    long enough = ((long) count + (long) workers * batchSize - 1) / ((long) workers * batchSize);
    return (int) Math.max(1, Math.min(enough, count / workers / 2));
  }
}
