/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.broadcast.Broadcast;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.source.SourceItem;

/** Checks that every path of a label file was found. */
final class ListedPaths {
  private static final int NAMED = 3;

  private ListedPaths() {}

  static void check(
      String labels, JavaRDD<SourceItem> files, Broadcast<Map<String, LabelFile.Entry>> entries) {
    BitSet lines = files.mapPartitions(new LinesSeen(entries)).fold(new BitSet(), new Union());
    List<Map.Entry<String, LabelFile.Entry>> unknown =
        entries.value().entrySet().stream()
            .filter(entry -> !lines.get(entry.getValue().line()))
            .sorted((a, b) -> Integer.compare(a.getValue().line(), b.getValue().line()))
            .toList();
    Check.data(
        unknown.isEmpty(),
        "%d paths of the label file %s are no files below --input, such as %s; paths are relative"
            + " to the input folder, and names that begin with . or _ are not seen",
        unknown.size(),
        labels,
        unknown.stream()
            .limit(NAMED)
            .map(entry -> entry.getKey() + " (line " + entry.getValue().line() + ")")
            .toList());
  }

  private record LinesSeen(Broadcast<Map<String, LabelFile.Entry>> entries)
      implements FlatMapFunction<Iterator<SourceItem>, BitSet> {
    @Override
    public Iterator<BitSet> call(Iterator<SourceItem> files) {
      BitSet lines = new BitSet();
      while (files.hasNext()) {
        LabelFile.Entry entry = entries.value().get(files.next().relativePath());
        if (entry != null) {
          lines.set(entry.line());
        }
      }
      return List.of(lines).iterator();
    }
  }

  private record Union() implements Function2<BitSet, BitSet, BitSet> {
    @Override
    public BitSet call(BitSet a, BitSet b) {
      BitSet both = (BitSet) a.clone();
      both.or(b);
      return both;
    }
  }
}
