/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.io.Serializable;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.splitmask.prep.table.TableTotals;

/**
 * What one task wrote: files that no snapshot knows yet, and what is in them.
 *
 * @param replaced data files of the table that these stand for
 * @param added what is in {@code patches}
 * @param removed what was in {@code replaced}
 */
public record TaskFiles(
    List<DataFile> patches,
    List<DataFile> rejected,
    List<String> replaced,
    TableTotals added,
    TableTotals removed)
    implements Serializable {
  public TaskFiles {
    patches = List.copyOf(patches);
    rejected = List.copyOf(rejected);
    replaced = List.copyOf(replaced);
  }
}
