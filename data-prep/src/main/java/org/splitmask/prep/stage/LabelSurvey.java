/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.splitmask.prep.config.SourceConfig;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.LabelEntries;
import org.splitmask.prep.stage.labels.ListedPaths;
import org.splitmask.prep.stage.labels.ListedPaths.Seen;
import org.splitmask.prep.stage.labels.NearPaths;
import org.splitmask.prep.stage.labels.NearPaths.Near;
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

  /** The entries of a label file with the files that they mean; see {@link ListedPaths#match}. */
  static LabelEntries match(
      String labels, JavaRDD<SourceItem> items, Broadcast<LabelEntries> entries) {
    Seen seen = items.mapPartitions(new Look(entries)).fold(Seen.nothing(), new Union());
    return ListedPaths.match(labels, entries.value(), seen, paths -> near(paths, items));
  }

  private static List<String> near(List<String> paths, JavaRDD<SourceItem> items) {
    Search search = new Search(new ArrayList<>(paths));
    return NearPaths.nearest(paths, items.mapPartitions(search).collect());
  }

  private record PlacesOfPartition()
      implements FlatMapFunction<Iterator<SourceItem>, Map<String, TopFolders>> {
    @Override
    public Iterator<Map<String, TopFolders>> call(Iterator<SourceItem> items) {
      return List.of(SplitFolders.places(items)).iterator();
    }
  }

  private record Look(Broadcast<LabelEntries> entries)
      implements FlatMapFunction<Iterator<SourceItem>, Seen> {
    @Override
    public Iterator<Seen> call(Iterator<SourceItem> items) {
      return List.of(Seen.of(entries.value(), items)).iterator();
    }
  }

  private record Union() implements Function2<Seen, Seen, Seen> {
    @Override
    public Seen call(Seen a, Seen b) {
      return a.add(b); // Spark allows a fold to change its first argument
    }
  }

  private record Search(List<String> paths) implements FlatMapFunction<Iterator<SourceItem>, Near> {
    @Override
    public Iterator<Near> call(Iterator<SourceItem> items) {
      return NearPaths.search(paths, items).iterator();
    }
  }
}
