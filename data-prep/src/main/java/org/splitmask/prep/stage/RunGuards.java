/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.config.RunConfig;
import org.splitmask.prep.source.Scopes;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.stage.compare.ComparisonSummary;
import org.splitmask.prep.stage.resolve.Tally;

/**
 * Stops a run, before it commits, that would lose more than a user means to lose. Nobody watches a
 * nightly run.
 */
final class RunGuards {
  /**
   * Fewer removed pictures than this stop no run: in small inputs every change is a large share.
   */
  private static final long FEW_REMOVED = 10;

  private static final int NAMED = 5;

  private final RunConfig config;
  private final List<Finding.Damage> damages;
  private final long damaged;
  private final Scopes scopes;
  private final ComparisonSummary summary;

  /**
   * Guards of one run.
   *
   * @param damages containers that hold more than is found in them; of very many, the first
   * @param damaged how many such containers there are
   * @param scopes the inputs of the run
   */
  RunGuards(
      RunConfig config,
      List<Finding.Damage> damages,
      long damaged,
      Scopes scopes,
      ComparisonSummary summary) {
    this.config = config;
    this.damages = List.copyOf(damages);
    this.damaged = damaged;
    this.scopes = scopes;
    this.summary = summary;
  }

  /**
   * How many items damaged containers should hold besides those that were found, as far as an index
   * or the table tells.
   */
  long missing() {
    Map<String, Long> byContainer = new HashMap<>(summary.hiddenByArchive());
    for (Finding.Damage damage : damages) {
      byContainer.merge(damage.container(), Math.max(0, damage.missing()), Math::max);
    }
    return byContainer.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Why a run would stop, as far as listing tells: a renamed folder looks like a removed one. */
  @Nullable String stop() {
    try {
      checkArchives();
      checkRemoved(summary.goneByInput());
      return null;
    } catch (SplitMaskException e) {
      return e.getMessage();
    }
  }

  /** Refuses damaged containers of which nothing tells what they should hold. */
  void checkArchives() {
    List<String> unknown = new ArrayList<>();
    for (Finding.Damage damage : damages) {
      if (damage.missing() == Finding.Damage.UNKNOWN
          && !summary.hiddenByArchive().containsKey(damage.container())) {
        unknown.add(damage.container() + " (" + damage.detail() + ")");
      }
    }
    long count = unknown.size() + damaged - damages.size();
    Check.data(
        count <= config.maxRejectedArchives(),
        "%d archives or Parquet files are damaged or not opened, and it is unknown how many"
            + " pictures they should hold: %s%s; replace them by undamaged ones, or go on"
            + " without them by max-rejected-archives=%d (the table is as it was)",
        count,
        String.join(", ", unknown.subList(0, Math.min(NAMED, unknown.size()))),
        count > NAMED ? " and others" : "",
        count);
  }

  /**
   * Refuses to remove many pictures of an input: most likely its disk is not mounted.
   *
   * @param lostByInput pictures that would leave the table
   */
  void checkRemoved(Map<String, Long> lostByInput) {
    lostByInput.forEach(
        (input, lost) -> {
          long known = summary.knownByInput().getOrDefault(input, lost);
          boolean isEmpty =
              scopes.rootsOf(input).stream()
                  .noneMatch(
                      root ->
                          summary.byInput().containsKey(root)
                              || summary.byInput().containsKey(root + "!"));
          double most = Math.max(FEW_REMOVED, config.maxRemovedShare() * known);
          Check.data(
              config.maxRemovedShare() >= 1 || (!isEmpty && lost <= most),
              "%s: %d of %d pictures that the table has of this input are gone%s;"
                  + " max-removed-share is %s of them, and at least %d. If they are meant to go,"
                  + " raise max-removed-share; give --keep-removed to keep them (the table is as it"
                  + " was)",
              input,
              lost,
              known,
              isEmpty ? ", and it has no file at all (is its disk mounted?)" : "",
              config.maxRemovedShare(),
              FEW_REMOVED);
        });
  }

  /**
   * Refuses a run that rejects too many files, and one that leaves no picture.
   *
   * @param tally of the whole run
   * @param rejectedLocation where the rejected files can be looked up
   */
  void checkRejected(Tally tally, PrepareRequest request, String rejectedLocation) {
    long missing = missing();
    double share = tally.badShare(missing);
    Check.data(
        share <= config.maxRejectedShare(),
        "%d of %d files rejected, %.1f %% besides duplicates%s, max-rejected-share is %.1f %%: %s,"
            + " such as %s; all are in %s with run_id %s; mend them or raise max-rejected-share"
            + " (the table's pictures are as they were)",
        tally.standingRejected(),
        tally.found(),
        100 * share,
        missing > 0
            ? String.format(Locale.ROOT, " and with %d that damaged archives should hold", missing)
            : "",
        100 * config.maxRejectedShare(),
        tally.standingByReason(),
        tally.examples(),
        rejectedLocation,
        request.runId());
    Check.data(
        tally.pictures() > 0,
        "none of the %d files in %s is a picture that can be read: %s, such as %s",
        tally.found(),
        String.join(", ", request.inputs()),
        tally.standingByReason(),
        tally.examples());
  }

  /**
   * Refuses a rebuilt table that has far fewer pictures than the one before.
   *
   * @param before pictures that the table had
   * @param after pictures that it would have
   */
  void checkRebuilt(long before, long after) {
    long lost = before - after;
    Check.data(
        lost <= Math.max(FEW_REMOVED, config.maxRemovedShare() * before),
        "the rebuilt table would have %d pictures and has %d; max-removed-share is %s of them, and at"
            + " least %d. If they are meant to go, raise max-removed-share (the table is as it"
            + " was)",
        after,
        before,
        config.maxRemovedShare(),
        FEW_REMOVED);
  }
}
