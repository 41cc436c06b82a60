/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.model.ParameterManifest;

/** A run as those read it who use its encoder: configuration and newest checkpoint. */
public final class TrainedRun {
  private final RunFiles files;
  private final TrainConfig config;
  private @Nullable TrainingState state;

  private TrainedRun(RunFiles files, TrainConfig config) {
    this.files = files;
    this.config = config;
  }

  /** Opens the folder of {@code train}. */
  public static TrainedRun open(String run, Configuration hadoop) throws IOException {
    RunFiles files = new RunFiles(run, hadoop);
    RunIdentity identity = new RunIdentity(files);
    Check.that(
        identity.exists(),
        "%s is not the folder of a run; give what train was given as --output",
        run);
    return new TrainedRun(files, identity.config());
  }

  public RunFiles files() {
    return files;
  }

  public TrainConfig config() {
    return config;
  }

  /** The table and snapshot that the run was trained on. */
  public RunIdentity.PinnedTable table() throws IOException {
    return new RunIdentity(files).pinnedTable();
  }

  /** The settings for pictures of this table; it may be another than the one trained on. */
  public TrainerSettings settings(TableSnapshot snapshot) throws IOException {
    return config.trainerSettings(snapshot, new RunIdentity(files).codebook(), 1);
  }

  /** The newest checkpoint's parameters, in the layout of the whole network. */
  public float[] parameters(ParameterManifest layout) throws IOException {
    return state(layout).optimizer().parameters();
  }

  /** The newest checkpoint's round. */
  public int round(ParameterManifest layout) throws IOException {
    return state(layout).round();
  }

  private TrainingState state(ParameterManifest layout) throws IOException {
    if (state == null) {
      Optional<TrainingState> latest =
          new CheckpointStore(files, layout, config.run().keepCheckpoints()).latest();
      state =
          latest.orElseThrow(
              () ->
                  Check.failure(
                      Blame.DATA,
                      "%s has no checkpoint yet; run train until it has written one",
                      files.root()));
    }
    return state;
  }
}
