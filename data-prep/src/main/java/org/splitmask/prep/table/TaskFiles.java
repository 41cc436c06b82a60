/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;

/** What one task wrote: files that no snapshot knows yet, and what is in them. */
public record TaskFiles(
    List<DataFile> patches, List<DataFile> rejected, Map<Split, Long> images, PixelSums trainPixels)
    implements Serializable {
  public TaskFiles {
    patches = List.copyOf(patches);
    rejected = List.copyOf(rejected);
    images = Map.copyOf(images);
  }
}
