/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.encoder;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.checkpoint.CheckpointChoice;
import org.splitmask.train.checkpoint.CheckpointStore;
import org.splitmask.train.checkpoint.CheckpointStore.SavedParameters;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.parameter.ParameterManifest;
import org.splitmask.train.splitmask.SplitMaskTask;

/** A run as those read it who use its encoder: configuration and a checkpoint. */
public final class TrainedRun {
  private final RunFiles files;
  private final RunIdentity<TrainConfig> identity;
  private final TrainConfig config;

  private TrainedRun(RunFiles files, RunIdentity<TrainConfig> identity) throws IOException {
    this.files = files;
    this.identity = identity;
    this.config = identity.config();
  }

  /** Opens the folder of {@code train}. */
  public static TrainedRun open(String run, Configuration hadoop) throws IOException {
    RunFiles files = new RunFiles(run, hadoop);
    Check.that(
        RunIdentity.exists(files),
        "%s is not the folder of a run; give what train was given as --output",
        run);
    return new TrainedRun(files, new RunIdentity<>(files, TrainConfig.class));
  }

  public RunFiles files() {
    return files;
  }

  public TrainConfig config() {
    return config;
  }

  /** The table and snapshot that the run was trained on. */
  public RunIdentity.PinnedTable table() throws IOException {
    return identity.pinnedTable();
  }

  /**
   * What the run learned, for pictures of this table; it may be another than the one trained on.
   */
  public SplitMaskTask task(TableSnapshot snapshot) throws IOException {
    String name = SplitMaskTask.CODEBOOK_FILE;
    return config.task(
        snapshot, SplitMaskTask.codebook(identity.kept(name), files.path(name).toString()));
  }

  /** A checkpoint's parameters, in the layout of the whole network. */
  public SavedParameters parameters(CheckpointChoice checkpoint, ParameterManifest layout)
      throws IOException {
    return checkpoint
        .parameters(CheckpointStore.reader(files, layout))
        .orElseThrow(
            () ->
                Check.failure(
                    Blame.DATA,
                    "%s has no checkpoint yet; run train until it has written one",
                    files.root()));
  }
}
