/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Check;

/**
 * The folders of a run's checkpoints, {@code checkpoints/round-000040}. The manifest is written
 * last and goes first: a folder without one is no checkpoint. That holds on every filesystem, also
 * where a folder cannot be renamed in one step.
 */
final class CheckpointFolders {
  private static final Logger LOG = LoggerFactory.getLogger(CheckpointFolders.class);
  private static final String FOLDER = "checkpoints";
  private static final String PREFIX = "round-";
  private static final String MANIFEST = "manifest.json";

  private final RunFiles run;

  CheckpointFolders(RunFiles run) {
    this.run = run;
  }

  /** The folder that holds them all. */
  Path all() {
    return run.path(FOLDER);
  }

  /** The folder of a round's checkpoint, which need not be there. */
  Path of(int round) {
    return new Path(all(), String.format(Locale.ROOT, "%s%06d", PREFIX, round));
  }

  /** By its number: names have more digits beyond round 999,999. */
  static long round(Path checkpoint) {
    return Long.parseLong(checkpoint.getName().substring(PREFIX.length()));
  }

  /** Those with a manifest, newest first. */
  List<Path> finished() throws IOException {
    List<Path> finished = new ArrayList<>();
    for (Path folder : begun()) {
      if (isFinished(folder)) {
        finished.add(folder);
      } else {
        LOG.debug("{} has no manifest: it was not finished, or is being written", folder);
      }
    }
    return finished;
  }

  /** All of them, with those that a kill left unfinished; newest first. */
  List<Path> begun() throws IOException {
    List<Path> found = new ArrayList<>();
    if (run.exists(FOLDER)) {
      for (FileStatus status : run.fileSystem().listStatus(all())) {
        if (status.getPath().getName().matches(PREFIX + "\\d{6,10}")) {
          found.add(status.getPath());
        }
      }
    }
    found.sort(Comparator.comparingLong(CheckpointFolders::round).reversed());
    return found;
  }

  boolean isFinished(Path folder) throws IOException {
    return run.fileSystem().exists(new Path(folder, MANIFEST));
  }

  /** Writes the manifest, which makes a folder a checkpoint. */
  void finish(Path folder, ObjectNode manifest) throws IOException {
    byte[] sealed = CheckpointManifest.sealed(manifest);
    run.replace(manifestOf(folder), out -> out.write(sealed));
  }

  /** Reads the manifest. */
  JsonNode manifest(Path folder) throws IOException {
    requireFile(folder, MANIFEST);
    JsonNode manifest = run.json(manifestOf(folder));
    CheckpointManifest.checkWhole(folder, manifest);
    CheckpointManifest.checkVersion(folder, manifest);
    return manifest;
  }

  /**
   * Fails where a file is missing. Asked before it is opened: a local disk says of every file that
   * it cannot open that there is none.
   */
  void requireFile(Path folder, String name) throws IOException {
    Path path = new Path(folder, name);
    Check.data(run.fileSystem().exists(path), "%s is missing", path);
  }

  /** Fails where a file is missing, or has another length than was written. */
  void requireFile(Path folder, String name, long bytes) throws IOException {
    requireFile(folder, name);
    Path path = new Path(folder, name);
    long length = run.fileSystem().getFileStatus(path).getLen();
    Check.data(length == bytes, "%s has %d bytes, the manifest says %d", path, length, bytes);
  }

  /** The manifest first: of what a kill then leaves nobody thinks that it is damaged. */
  void drop(Path folder) throws IOException {
    run.fileSystem().delete(new Path(folder, MANIFEST), false);
    run.fileSystem().delete(folder, true);
  }

  private static String manifestOf(Path folder) {
    return FOLDER + "/" + folder.getName() + "/" + MANIFEST;
  }
}
