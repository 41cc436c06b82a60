/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.compare;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.source.Scopes;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.Labelling;
import org.splitmask.prep.table.KnownRow;

/**
 * What one look at all candidates tells.
 *
 * @param byInput what was listed
 * @param knownByInput the pictures that the table has of each input
 * @param goneByInput those of them whose path is gone
 * @param hiddenByArchive the pictures that the table has of each damaged archive, and that were not
 *     found in it
 */
public record ComparisonSummary(
    ExpectedChanges expected,
    Map<String, InputListing> byInput,
    Map<String, Long> knownByInput,
    Map<String, Long> goneByInput,
    Map<String, Long> hiddenByArchive)
    implements Serializable {
  static final ComparisonSummary NOTHING =
      new ComparisonSummary(ExpectedChanges.NOTHING, Map.of(), Map.of(), Map.of(), Map.of());

  ComparisonSummary plus(ComparisonSummary other) {
    Map<String, InputListing> all = new TreeMap<>(byInput);
    other.byInput.forEach((input, listing) -> all.merge(input, listing, InputListing::plus));
    return new ComparisonSummary(
        expected.plus(other.expected),
        all,
        sum(knownByInput, other.knownByInput),
        sum(goneByInput, other.goneByInput),
        sum(hiddenByArchive, other.hiddenByArchive));
  }

  private static Map<String, Long> sum(Map<String, Long> one, Map<String, Long> other) {
    Map<String, Long> sum = new TreeMap<>(one);
    other.forEach((key, count) -> sum.merge(key, count, Long::sum));
    return sum;
  }

  /**
   * Adds up a task's share of the candidates.
   *
   * @param damaged archives that hold more than was found in them
   */
  record OfPartition(Labelling labelling, Scopes scopes, Set<String> damaged)
      implements FlatMapFunction<Iterator<Candidate>, ComparisonSummary> {
    @Override
    public Iterator<ComparisonSummary> call(Iterator<Candidate> candidates) {
      ExpectedChanges expected = ExpectedChanges.NOTHING;
      Map<String, InputListing> byInput = new TreeMap<>();
      Map<String, Long> known = new TreeMap<>();
      Map<String, Long> gone = new TreeMap<>();
      Map<String, Long> hidden = new TreeMap<>();
      while (candidates.hasNext()) {
        Candidate candidate = candidates.next();
        expected = expected.plus(ExpectedChanges.of(candidate, labelling));
        SourceItem item = candidate.item();
        if (item != null) {
          byInput.merge(item.root(), InputListing.of(item), InputListing::plus);
        }
        String input = inputOf(candidate);
        if (input != null) {
          known.merge(input, 1L, Long::sum);
          gone.merge(input, candidate instanceof Candidate.Gone ? 1L : 0L, Long::sum);
        }
        if (candidate instanceof Candidate.Retained retained
            && retained.known() instanceof KnownRow.Picture
            && retained.hiddenBy() != null
            && damaged.contains(retained.hiddenBy())) {
          hidden.merge(retained.hiddenBy(), 1L, Long::sum);
        }
      }
      return List.of(new ComparisonSummary(expected, byInput, known, gone, hidden)).iterator();
    }

    /** The input that a picture of the table belongs to, if it does. */
    private @Nullable String inputOf(Candidate candidate) {
      return candidate.known() instanceof KnownRow.Picture picture
          ? scopes.covering(picture.file().path())
          : null;
    }
  }
}
