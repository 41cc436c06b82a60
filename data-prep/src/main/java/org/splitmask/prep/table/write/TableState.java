/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a run finds when it begins.
 *
 * @param snapshotId the newest snapshot; none for a new table and for a rebuild
 * @param pictures how many it has
 * @param pictureFiles the data files of its pictures, with their bytes
 * @param rejectedFiles the data files of the rejected rows that count with it
 */
public record TableState(
    OptionalLong snapshotId,
    long pictures,
    Map<String, Long> pictureFiles,
    List<String> rejectedFiles) {
  public TableState {
    pictureFiles = new TreeMap<>(pictureFiles);
    rejectedFiles = List.copyOf(rejectedFiles);
  }

  static TableState empty() {
    return new TableState(OptionalLong.empty(), 0, Map.of(), List.of());
  }

  /** Bytes on disk of one picture with its share of everything; none for an empty table. */
  public OptionalLong bytesPerPicture() {
    long bytes = pictureFiles.values().stream().mapToLong(Long::longValue).sum();
    return pictures == 0 ? OptionalLong.empty() : OptionalLong.of(bytes / pictures);
  }
}
