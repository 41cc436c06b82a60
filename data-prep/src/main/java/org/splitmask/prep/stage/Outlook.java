/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.splitmask.prep.source.SourceItem;

/**
 * What one look at all candidates tells.
 *
 * @param byInput what was listed
 */
record Outlook(Forecast forecast, Map<String, InputListing> byInput) implements Serializable {
  static final Outlook NOTHING = new Outlook(Forecast.NOTHING, Map.of());

  Outlook plus(Outlook other) {
    Map<String, InputListing> all = new TreeMap<>(byInput);
    other.byInput.forEach((input, listing) -> all.merge(input, listing, InputListing::plus));
    return new Outlook(forecast.plus(other.forecast), all);
  }

  /** Adds up a task's share of the candidates. */
  record OfPartition(Labelling labelling) implements FlatMapFunction<Iterator<Candidate>, Outlook> {
    @Override
    public Iterator<Outlook> call(Iterator<Candidate> candidates) {
      Forecast forecast = Forecast.NOTHING;
      Map<String, InputListing> byInput = new TreeMap<>();
      while (candidates.hasNext()) {
        Candidate candidate = candidates.next();
        forecast = forecast.plus(Forecast.of(candidate, labelling));
        SourceItem item = candidate.item();
        if (item != null) {
          byInput.merge(item.root(), InputListing.of(item), InputListing::plus);
        }
      }
      return List.of(new Outlook(forecast, byInput)).iterator();
    }
  }
}
