/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.KnownRows;
import org.splitmask.prep.table.PictureInfo;

/**
 * Copy-on-write: writes the rows of a data file anew, without those that go and with those that
 * changed. Nothing is decoded. A row group is in memory at a time.
 */
public final class DataFileRewriter {
  private final TaskWriter writer;
  private final Configuration hadoop;

  public DataFileRewriter(TaskWriter writer, Configuration hadoop) {
    this.writer = writer;
    this.hadoop = hadoop;
  }

  /**
   * Rewrites one data file, which the commit then takes out of the table.
   *
   * @param edits of rows of this file, each of another row
   */
  public void rewrite(String dataFile, Iterable<RowEdit> edits) {
    Map<String, RowEdit> open = new HashMap<>();
    edits.forEach(edit -> open.put(edit.imageId(), edit));
    writer.replaces(dataFile);
    KnownRows.visitPictures(
        dataFile,
        hadoop,
        (info, patches) -> {
          writer.takesOut(info.split(), patches);
          RowEdit edit = open.remove(info.imageId());
          PictureInfo after = edit == null ? info : edit.replacement();
          if (after != null) {
            writer.accept(new AcceptedRow(after, patches));
          }
        });
    Check.invariant(open.isEmpty(), "data file %s lacks the pictures %s", dataFile, open.keySet());
  }
}
