/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;
import org.splitmask.train.averaging.DeltaPrecision;
import org.splitmask.train.averaging.Quorum;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;

/** How long, on how many workers, and what is kept. */
public record RunConfig(
    @Key(defaultValue = "100", help = "most passes over the train split; at least 1") int epochs,
    @Key(
            defaultValue = "0",
            help =
                "the run ends after so many updates, even before its epochs are over; 0 for no"
                    + " bound")
        long maxUpdates,
    @Key(
            defaultValue = "0",
            help =
                "the run ends after so many images, even before its epochs are over; 0 for no"
                    + " bound")
        long maxImages,
    @Key(
            defaultValue = "32",
            help =
                "most images in a mini-batch of one worker; its negatives come from this"
                    + " mini-batch; at least 2")
        int batchSize,
    @Key(
            defaultValue = "1",
            help = "mini-batches of one worker whose mean gradient makes one update; at least 1")
        int batchesPerUpdate,
    @Key(
            defaultValue = "2",
            help =
                "workers whose parameters are averaged; 0: before each round as many as the"
                    + " executors have slots, and results depend on when executors came and went;"
                    + " at least 0")
        int workers,
    @Key(
            defaultValue = "1",
            help =
                "slots that the executors must have before training begins, unless Spark's dynamic"
                    + " allocation brings them; with workers=0 also the least number of workers; at"
                    + " least 1")
        int minWorkers,
    @Key(
            defaultValue = "600",
            help =
                "most seconds to wait for min-workers; then the command ends with code 4; at least"
                    + " 0")
        int minWorkersSeconds,
    @Key(defaultValue = "10", help = "local steps of a worker between two averages; at least 1")
        int stepsPerRound,
    @Key(
            defaultValue = "0",
            help =
                "share of the run, at its start, in which workers are averaged after every step,"
                    + " whatever steps-per-round is; [0, 1)")
        double postLocalShare,
    @Key(
            defaultValue = "float32",
            help =
                "how exactly workers send back how far they went; float32: as it is; int16, int8:"
                    + " rounded at random to so many bits, with moments of 16 bits; half the bytes"
                    + " or less")
        DeltaPrecision deltaPrecision,
    @Key(
            defaultValue = "1",
            help =
                "share of a round's workers that have to come to their end; the others are waited"
                    + " for during straggler-seconds, and then their images are dealt again; below 1"
                    + " results depend on which workers are slow; (0, 1]")
        double minShareOfWorkers,
    @Key(
            defaultValue = "60",
            help = "most seconds to wait for the workers beyond min-share-of-workers; at least 0")
        int stragglerSeconds,
    @Key(
            defaultValue = "0",
            help = "threads of a worker; 0 means the cores of its task (spark.task.cpus)")
        int threads,
    @Key(
            defaultValue = "0",
            help =
                "how often a run may halve its learning rate to try a round again whose loss or"
                    + " parameters were not finite; the lower rate stays; 0 to 20; 0 ends the run"
                    + " at the first such round")
        int rateHalvings,
    @Key(defaultValue = "42", help = "seed of everything that is random") long seed,
    @Key(defaultValue = "10", help = "rounds between two checkpoints; at least 1")
        int checkpointEvery,
    @Key(
            defaultValue = "3",
            help = "newest checkpoints that are kept, beside the best one; at least 1")
        int keepCheckpoints,
    @Key(
            defaultValue = "true",
            help = "whether the metrics are written for TensorBoard too, to RUN/tensorboard")
        boolean tensorboard,
    @Key(
            defaultValue = "",
            help =
                "name of the experiment under which an MLflow tracking server shows the run; needs"
                    + " MLFLOW_TRACKING_URI in the driver's environment and MLflow's client"
                    + " (docs/operations.md); none if empty")
        String mlflowExperiment)
    implements Serializable {
  /** A millionth of the rate: below it nothing is learned any more. */
  private static final int MOST_HALVINGS = 20;

  public RunConfig {
    Check.that(workers >= 0, "workers must be at least 0, was %d", workers);
    Check.that(minWorkers >= 1, "min-workers must be at least 1, was %d", minWorkers);
    Check.that(
        minWorkersSeconds >= 0,
        "min-workers-seconds must be at least 0, was %d",
        minWorkersSeconds);
    Check.that(
        batchesPerUpdate >= 1, "batches-per-update must be at least 1, was %d", batchesPerUpdate);
    Check.that(threads >= 0, "threads must not be negative, was %d", threads);
    new Quorum(minShareOfWorkers, stragglerSeconds); // has bounds of its own
    Check.that(
        rateHalvings >= 0 && rateHalvings <= MOST_HALVINGS,
        "rate-halvings must be in [0, %d], was %d",
        MOST_HALVINGS,
        rateHalvings);
    Check.that(
        checkpointEvery >= 1, "checkpoint-every must be at least 1, was %d", checkpointEvery);
    Check.that(
        keepCheckpoints >= 1, "keep-checkpoints must be at least 1, was %d", keepCheckpoints);
  }

  /** The threads of a worker whose task has so many cores. */
  public int threads(int taskCores) {
    return threads == 0 ? taskCores : threads;
  }

  /** How many workers a round waits for. */
  public Quorum quorum() {
    return new Quorum(minShareOfWorkers, stragglerSeconds);
  }

  /** When the run is over. */
  public RunLength length() {
    return new RunLength(epochs, maxUpdates, maxImages);
  }

  /** Whether the number of workers follows the executors. */
  public boolean followsSlots() {
    return workers == 0;
  }

  /**
   * The workers that plans and rates are made for: where their number follows the slots, the least.
   */
  public int plannedWorkers() {
    return followsSlots() ? minWorkers : workers;
  }

  /** The images of one update, at most, of all planned workers together. */
  public long imagesPerUpdate() {
    return (long) plannedWorkers() * batchSize * batchesPerUpdate;
  }

  /** The plan of rounds over so many images; refuses too few and too many. */
  public RoundPlanner planner(long images) {
    return new RoundPlanner(
        RoundPlanner.countable(images),
        length(),
        plannedWorkers(),
        batchSize,
        batchesPerUpdate,
        stepsPerRound,
        postLocalShare,
        !quorum().isAll());
  }
}
