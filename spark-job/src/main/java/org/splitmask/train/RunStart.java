/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.util.List;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.PatchTable;
import org.splitmask.prep.table.TableSnapshot;
import org.splitmask.train.checkpoint.CheckpointStore;
import org.splitmask.train.checkpoint.RunFiles;
import org.splitmask.train.checkpoint.RunIdentity;
import org.splitmask.train.config.RunSettings;

/**
 * What a run begins with, or goes on with.
 *
 * @param snapshot that it reads: the table's newest for a new run, and else its own
 * @param isNew whether there is no run yet
 */
record RunStart<C extends Record & RunSettings>(
    TableSnapshot snapshot, RunIdentity<C> identity, boolean isNew) {

  /** Looks whether there is a run, and refuses a configuration that does not continue it. */
  static <C extends Record & RunSettings> RunStart<C> of(RunFiles run, C config, PatchTable patches)
      throws IOException {
    RunIdentity<C> identity = new RunIdentity<>(run, type(config));
    if (!RunIdentity.exists(run)) {
      List<String> checkpoints = CheckpointStore.folders(run);
      Check.data(
          checkpoints.isEmpty(),
          "%s has %d checkpoints and no config.yaml, which says what they belong to; bring the"
              + " file back, or give another --output",
          run.root(),
          checkpoints.size());
      return new RunStart<>(patches.snapshot(), identity, true);
    }
    identity.requireSame(config, patches.location());
    TableSnapshot pinned = patches.snapshot(identity.pinnedTable().snapshot());
    return new RunStart<>(pinned, identity, false);
  }

  @SuppressWarnings("unchecked") // a record's class is its type
  private static <C> Class<C> type(C config) {
    return (Class<C>) config.getClass();
  }
}
