/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which checkpoints stay when another was saved: the newest, and the best beside them. */
final class CheckpointRetention {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointRetention.class);

  private final CheckpointFolders folders;
  private final CheckpointLosses losses;
  private final int kept;

  /**
   * Keeps checkpoints.
   *
   * @param kept how many of the newest stay
   */
  CheckpointRetention(CheckpointFolders folders, CheckpointLosses losses, int kept) {
    this.folders = folders;
    this.losses = losses;
    this.kept = kept;
  }

  /**
   * Drops what is older than the newest, but for the best. A damaged one after them waits for its
   * round to come again. While the storage does not tell which is the best, all stay.
   *
   * @param whole those that are not known to be damaged, newest first
   */
  void dropOld(List<Path> whole) throws IOException {
    Optional<Path> best;
    try {
      best = losses.ranked(whole).stream().findFirst();
    } catch (IOException e) {
      LOG.warn("all checkpoints stay until it is known which is the best: {}", e.getMessage());
      return;
    }
    OptionalLong oldestKept = whole.stream().limit(kept).mapToLong(CheckpointFolders::round).min();
    for (Path checkpoint : folders.begun()) {
      boolean isOld =
          oldestKept.isPresent() && CheckpointFolders.round(checkpoint) < oldestKept.getAsLong();
      if (isOld && !best.equals(Optional.of(checkpoint))) {
        folders.drop(checkpoint);
      }
    }
  }
}
