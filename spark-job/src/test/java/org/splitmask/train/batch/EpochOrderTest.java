/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.schedule.Range;

class EpochOrderTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 1000, Integer.MAX_VALUE})
  void everyImageComesOnceAndWindowsAreNotMixedWithEachOther(int mixed) {
    List<RowGroup> groups = groups(5, 1, 0, 9, 30, 2, 7);
    List<Image> order = all(new EpochOrder(groups, mixed, 3, 1), 54);

    assertThat(new HashSet<>(order)).hasSize(54).hasSameSizeAs(order);
    // Of the groups that have rows, in the order in which they first appear.
    Map<RowGroup, Integer> last = new HashMap<>();
    Set<RowGroup> open = new HashSet<>();
    for (Image image : order) {
      open.add(image.group);
      last.merge(image.group, 1, Integer::sum);
      if (last.get(image.group) == image.group.rows()) {
        open.remove(image.group);
      }
      assertThat(open.size()).isLessThanOrEqualTo(Math.min(mixed, groups.size()));
    }
  }

  /** The same places, whoever asks for them and in whatever order. */
  @Test
  void aPlaceIsTheSameHoweverItIsReached() {
    List<RowGroup> groups = groups(13, 4, 25, 8, 17, 6, 40, 3, 11, 5);
    List<Image> order = all(new EpochOrder(groups, 3, 9, 2), 132);
    EpochOrder other = new EpochOrder(groups, 3, 9, 2);
    Random random = new Random(4);
    for (int i = 0; i < 300; i++) {
      int from = random.nextInt(132);
      int to = from + random.nextInt(133 - from);
      assertThat(images(other, new Range(from, to))).isEqualTo(order.subList(from, to));
    }
  }

  @Test
  void seedsEpochsAndWindowsDiffer() {
    List<RowGroup> groups = groups(40, 40, 40, 40);
    List<Image> order = all(new EpochOrder(groups, 1, 1, 0), 160);
    assertThat(all(new EpochOrder(groups, 1, 1, 0), 160)).isEqualTo(order);
    assertThat(all(new EpochOrder(groups, 1, 2, 0), 160)).isNotEqualTo(order);
    assertThat(all(new EpochOrder(groups, 1, 1, 1), 160)).isNotEqualTo(order);
    List<Integer> first = order.subList(0, 40).stream().map(Image::row).toList();
    List<Integer> second = order.subList(40, 80).stream().map(Image::row).toList();
    assertThat(first).isNotEqualTo(second);
  }

  /**
   * Every image is as likely at every place of its window: 6,000 draws of 6 rows, by chi square.
   */
  @Test
  void everyPlaceIsAsLikely() {
    List<RowGroup> groups = groups(4, 2);
    int[][] counts = new int[6][6];
    for (int epoch = 0; epoch < 6000; epoch++) {
      List<Image> order = all(new EpochOrder(groups, 2, 1, epoch), 6);
      for (int place = 0; place < 6; place++) {
        Image image = order.get(place);
        counts[image.group.ordinal() * 4 + image.row][place]++;
      }
    }
    double chiSquare = 0;
    for (int[] image : counts) {
      for (int count : image) {
        chiSquare += (count - 1000.0) * (count - 1000.0) / 1000;
      }
    }
    assertThat(chiSquare).as("25 degrees of freedom: 52.6 once in a thousand").isLessThan(52.6);
  }

  /** A hundred million images: an order of theirs by image would be 800 MB. */
  @Test
  void memoryIsByRowGroups() {
    List<RowGroup> groups = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      groups.add(new RowGroup("file", i, 1000, 1));
    }
    List<EpochOrder> kept = new ArrayList<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      EpochOrder order = new EpochOrder(groups, 4, 1, epoch);
      assertThat(images(order, new Range(99_999_990, 100_000_000))).hasSize(10);
      kept.add(order); // by image, 16 GB
    }
    assertThat(kept).hasSize(20);
  }

  private record Image(RowGroup group, int row) {}

  private static List<Image> all(EpochOrder order, int images) {
    return images(order, new Range(0, images));
  }

  private static List<Image> images(EpochOrder order, Range places) {
    List<Image> images = new ArrayList<>();
    order.visit(places, (group, row) -> images.add(new Image(group, row)));
    return images;
  }

  private static List<RowGroup> groups(int... rows) {
    List<RowGroup> groups = new ArrayList<>();
    for (int count : rows) {
      groups.add(new RowGroup("file", groups.size(), count, count));
    }
    return groups;
  }
}
