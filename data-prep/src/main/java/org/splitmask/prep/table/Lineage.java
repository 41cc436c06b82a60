/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A JSON file for each run, beside the tables: more than a snapshot's summary should carry. */
final class Lineage {
  private static final String FOLDER = "runs";
  private static final String SUFFIX = ".json";

  private final FileSystem fileSystem;
  private final Path folder;

  Lineage(TableFolder table) {
    this.fileSystem = table.fileSystem();
    this.folder = new Path(table.path(), FOLDER);
  }

  /** Writes before the commit, so that every snapshot has its file. */
  void write(String runId, String json) {
    Path file = new Path(folder, runId + SUFFIX);
    try (OutputStream stream = fileSystem.create(file, false)) {
      stream.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file + ": " + e, e);
    }
  }

  /**
   * Deletes the files of runs that no snapshot names.
   *
   * @return how many
   */
  int deleteAllBut(Set<String> runIds) {
    int deleted = 0;
    try {
      for (FileStatus file : fileSystem.listStatus(folder)) {
        String name = file.getPath().getName();
        String run =
            name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : "";
        if (!run.isEmpty() && !runIds.contains(run) && fileSystem.delete(file.getPath(), false)) {
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
}
