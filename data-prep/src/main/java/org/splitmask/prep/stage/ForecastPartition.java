/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;

/** Adds up what there is to do for a task's share of the files. */
record ForecastPartition(Labelling labelling)
    implements FlatMapFunction<Iterator<Candidate>, Forecast> {
  @Override
  public Iterator<Forecast> call(Iterator<Candidate> candidates) {
    Forecast sum = Forecast.NOTHING;
    while (candidates.hasNext()) {
      sum = sum.plus(Forecast.of(candidates.next(), labelling));
    }
    return List.of(sum).iterator();
  }
}
