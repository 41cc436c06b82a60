/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.splitmask.prep.config.SourceConfig;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.SplitFolders;
import org.splitmask.prep.stage.labels.TopFolders;

/** What labels must know of all items before any of them has one, looked up with Spark. */
final class LabelSurvey {
  private LabelSurvey() {}

  /** Which folders of all items are splits and no labels. */
  static SplitFolders splitFolders(JavaRDD<SourceItem> items, SourceConfig.SplitFolders wanted) {
    return wanted == SourceConfig.SplitFolders.IGNORE
        ? SplitFolders.NONE
        : SplitFolders.ofParts(items.mapPartitions(new PlacesOfPartition()).collect());
  }

  /** Whether sidecars or columns say of any item which group it is in. */
  static boolean namesGroups(JavaRDD<SourceItem> items) {
    return !items.filter(item -> item.hints() != null && item.hints().group() != null).isEmpty();
  }

  private record PlacesOfPartition()
      implements FlatMapFunction<Iterator<SourceItem>, Map<String, TopFolders>> {
    @Override
    public Iterator<Map<String, TopFolders>> call(Iterator<SourceItem> items) {
      return List.of(SplitFolders.places(items)).iterator();
    }
  }
}
