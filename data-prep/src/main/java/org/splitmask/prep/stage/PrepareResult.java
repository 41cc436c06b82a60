/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.List;
import java.util.Map;
import org.splitmask.prep.stage.compare.ExpectedChanges;
import org.splitmask.prep.stage.listing.ListingTally;
import org.splitmask.prep.stage.resolve.Tally;
import org.splitmask.prep.table.TableSnapshot;

/**
 * What a run did; accepted, rejected and unchanged files, companions and skipped ones are all that
 * were found.
 *
 * @param rejected with the duplicates
 * @param unreadable files that are rejected, now or before, because they cannot be read
 * @param companions files that go with pictures and are none
 * @param skipped names that are known to be no pictures
 * @param asides companions and skipped ones by kind
 * @param removed pictures whose files are gone
 * @param replaced accepted files whose path had another picture before
 * @param relabelled unchanged files with another label or split
 * @param conflicts duplicates whose label or split is another than their keeper's, a few of them
 * @param snapshot the newest, whether this run made it or found it
 */
public record PrepareResult(
    long found,
    long accepted,
    long rejected,
    long duplicates,
    long unchanged,
    long unreadable,
    long companions,
    long skipped,
    Map<String, Long> asides,
    long removed,
    long replaced,
    long relabelled,
    Map<String, Long> rejectedByReason,
    long conflicting,
    List<String> conflicts,
    TableSnapshot snapshot) {

  static PrepareResult unchanged(
      ExpectedChanges expected, ListingTally listing, TableSnapshot snapshot) {
    return new PrepareResult(
        listing.found(expected.found()),
        0,
        0,
        0,
        expected.found(),
        expected.unreadable(),
        listing.companions(),
        listing.skipped(),
        listing.asidesByKind(),
        0,
        0,
        0,
        Map.of(),
        0,
        List.of(),
        snapshot);
  }

  static PrepareResult of(Tally tally, ListingTally listing, TableSnapshot snapshot) {
    return new PrepareResult(
        listing.found(tally.found()),
        tally.of(Tally.Count.ACCEPTED),
        tally.rejected(),
        tally.duplicates(),
        tally.of(Tally.Count.UNCHANGED),
        tally.of(Tally.Count.UNREADABLE),
        listing.companions(),
        listing.skipped(),
        listing.asidesByKind(),
        tally.of(Tally.Count.REMOVED),
        tally.of(Tally.Count.REPLACED),
        tally.of(Tally.Count.RELABELLED),
        tally.rejectedByReason(),
        tally.of(Tally.Count.CONFLICTING),
        tally.conflicts(),
        snapshot);
  }
}
