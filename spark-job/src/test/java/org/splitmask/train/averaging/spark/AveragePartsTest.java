/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.splitmask.train.averaging.Traffic;
import org.splitmask.train.local.Pace;
import org.splitmask.train.local.WorkerReport;
import org.splitmask.train.state.Segments;
import org.splitmask.train.state.StateSegment;
import scala.Tuple2;

/** Where the parts of a round meet, and what they come to. */
class AveragePartsTest {
  @Test
  void reportsAndEverySegmentHaveAPartitionOfTheirOwn() {
    RoundPart.BySegment partitions = new RoundPart.BySegment(3);

    assertThat(partitions.numPartitions()).isEqualTo(4);
    assertThat(partitions.getPartition(new RoundPart(RoundPart.REPORT, 5)))
        .isEqualTo(RoundPart.REPORTS);
    assertThat(IntStream.range(0, 3).map(s -> partitions.getPartition(new RoundPart(s, 5))))
        .containsExactly(1, 2, 3);
    assertThat(IntStream.range(0, 3).map(RoundPart::partition)).containsExactly(1, 2, 3);
  }

  @Test
  void partsComeInTheOrderOfTheirWorkers() {
    RoundPart[] parts = {new RoundPart(1, 10), new RoundPart(1, 2), new RoundPart(1, 0)};

    Arrays.sort(parts, new RoundPart.ByWorker());

    assertThat(parts).extracting(RoundPart::worker).containsExactly(0, 2, 10);
  }

  @Test
  void reportsGoOnAsTheyAre() {
    WorkerReport first = new WorkerReport(0, 3, List.of(), 1, new Pace(1, 0, 0), 0);
    WorkerReport second = new WorkerReport(1, 5, List.of(), 1, new Pace(1, 0, 0), 0);

    assertThat(
            average(
                new long[] {3, 5},
                List.of(part(RoundPart.REPORT, 0, first), part(RoundPart.REPORT, 1, second))))
        .containsExactly(first, second);
  }

  @Test
  void segmentsBecomeOneMeanWeightedByImages() {
    List<Serializable> results =
        average(
            new long[] {3, 1}, List.of(part(4, 0, segment(2f, 8f)), part(4, 1, segment(6f, 0f))));

    assertThat(results)
        .singleElement()
        .satisfies(mean -> assertThat(((StateSegment) mean).parameters()).containsExactly(3f, 6f));
  }

  @Test
  void anEmptyPartitionHasNoMean() {
    assertThat(average(new long[] {3, 1}, List.of())).isEmpty();
  }

  @Test
  void aWorkerThatIsMissingIsADefect() {
    assertThatThrownBy(() -> average(new long[] {3, 1}, List.of(part(0, 1, segment(1f)))))
        .hasMessageContaining("worker 1 was added as number 0");
  }

  private static List<Serializable> average(
      long[] images, List<Tuple2<RoundPart, Serializable>> parts) {
    SentState start = new SentState(Segments.of(2), List.of(), 0, Traffic.WHOLE, 0);
    Iterator<Serializable> results =
        new AverageParts(start, IntStream.range(0, images.length).toArray(), images)
            .call(parts.iterator());
    List<Serializable> all = new ArrayList<>();
    results.forEachRemaining(all::add);
    return all;
  }

  private static Tuple2<RoundPart, Serializable> part(int segment, int worker, Serializable value) {
    return new Tuple2<>(new RoundPart(segment, worker), value);
  }

  private static StateSegment segment(float... parameters) {
    return new StateSegment(parameters, new float[parameters.length], new float[parameters.length]);
  }
}
