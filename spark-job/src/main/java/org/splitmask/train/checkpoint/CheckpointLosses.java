/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.train.state.VectorStore.Vector;

/**
 * The losses that checkpoints were saved with. Each manifest is read once. Vectors are not: that a
 * file has its length is all that is asked of it here.
 */
final class CheckpointLosses {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointLosses.class);

  private final CheckpointFolders folders;

  /** By name; not finite for those that cannot be the best. */
  private final Map<String, Double> known = new HashMap<>();

  CheckpointLosses(CheckpointFolders folders) {
    this.folders = folders;
  }

  /** Notes that a checkpoint was saved. */
  void note(Path checkpoint, double meanLoss) {
    known.put(checkpoint.getName(), meanLoss);
  }

  /**
   * Those that can be the best, the best first: by their losses, and of equal ones the newest. Left
   * out are those that tell no loss, as earlier builds wrote them, and those of which a file is
   * missing or cut.
   *
   * @param checkpoints newest first
   * @throws IOException where the storage does not give a manifest that it has
   */
  List<Path> ranked(List<Path> checkpoints) throws IOException {
    Map<Path, Double> losses = new LinkedHashMap<>();
    for (Path checkpoint : checkpoints) {
      double loss = loss(checkpoint);
      if (Double.isFinite(loss)) {
        losses.put(checkpoint, loss);
      }
    }
    return losses.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .toList();
  }

  private double loss(Path checkpoint) throws IOException {
    Double loss = known.get(checkpoint.getName());
    if (loss == null) {
      loss = read(checkpoint);
      known.put(checkpoint.getName(), loss);
    }
    return loss;
  }

  private double read(Path checkpoint) throws IOException {
    try {
      JsonNode manifest = folders.manifest(checkpoint);
      for (Vector vector : Vector.values()) {
        String name = VectorFiles.name(vector);
        folders.requireFile(checkpoint, name, CheckpointManifest.bytes(vector, manifest));
      }
      return CheckpointManifest.meanLoss(manifest);
    } catch (ChecksumException | SplitMaskException e) {
      LOG.warn("{} cannot be the best checkpoint: {}", checkpoint, e.getMessage());
      return Double.NaN;
    }
  }
}
