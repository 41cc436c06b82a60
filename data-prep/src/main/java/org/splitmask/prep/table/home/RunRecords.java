/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.home;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A JSON file for each run, beside the tables: more than a snapshot's summary should carry. */
public final class RunRecords {
  private static final String SUFFIX = ".json";

  private final FileSystem fileSystem;
  private final Path folder;

  RunRecords(FileSystem fileSystem, Path folder) {
    this.fileSystem = fileSystem;
    this.folder = folder;
  }

  /** Where the record of a run is. */
  public String location(String runId) {
    return file(runId).toString();
  }

  /** Writes before the commit, so that every snapshot has its record. */
  public void write(String runId, String json) {
    Path file = file(runId);
    try (OutputStream stream = fileSystem.create(file, false)) {
      stream.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e, e);
    }
  }

  /**
   * Deletes the records of runs that no snapshot names.
   *
   * @param runIds the runs that some snapshot names
   * @param before a younger record is left alone
   * @return how many were deleted
   */
  public int deleteAllBut(Set<String> runIds, Instant before) {
    int deleted = 0;
    try {
      for (FileStatus file : fileSystem.listStatus(folder)) {
        String name = file.getPath().getName();
        String run =
            name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
        boolean old = Instant.ofEpochMilli(file.getModificationTime()).isBefore(before);
        if (old
            && !run.isEmpty()
            && !runIds.contains(run)
            && fileSystem.delete(file.getPath(), false)) {
          deleted++;
        }
      }
    } catch (FileNotFoundException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clean " + folder + ": " + e, e);
    }
    return deleted;
  }

  private Path file(String runId) {
    return new Path(folder, runId + SUFFIX);
  }
}
