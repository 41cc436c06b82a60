/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.splitmask.train.averaging.SegmentAverager;
import org.splitmask.train.state.StateSegment;
import scala.Tuple2;

/**
 * What an executor runs on a partition of parts: the reports go on as they are, the workers'
 * segments become their mean.
 *
 * @param start the state that the workers began with
 * @param workers the numbers of those that take part, ascending
 * @param images of each of them, the weights
 */
@SuppressWarnings("ArrayRecordComponent")
record AverageParts(SentState start, int[] workers, long[] images)
    implements FlatMapFunction<Iterator<Tuple2<RoundPart, Serializable>>, Serializable> {
  @Override
  public Iterator<Serializable> call(Iterator<Tuple2<RoundPart, Serializable>> parts) {
    List<Serializable> results = new ArrayList<>();
    SegmentAverager averager = null;
    while (parts.hasNext()) {
      Tuple2<RoundPart, Serializable> part = parts.next();
      if (part._1().segment() == RoundPart.REPORT) {
        results.add(part._2());
      } else {
        StateSegment segment = start.unpack(part._1(), part._2());
        if (averager == null) {
          averager = new SegmentAverager(segment.length(), segment.hasMoments(), images);
        }
        averager.add(Arrays.binarySearch(workers, part._1().worker()), segment);
      }
    }
    if (averager != null) {
      results.add(averager.mean());
    }
    return results.iterator();
  }
}
