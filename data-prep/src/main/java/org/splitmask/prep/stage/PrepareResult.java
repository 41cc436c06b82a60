/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.util.List;
import java.util.Map;
import org.splitmask.prep.table.TableSnapshot;

/**
 * What a run did; accepted, rejected and unchanged files are all that were found.
 *
 * @param rejected with the duplicates
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
    long removed,
    long replaced,
    long relabelled,
    Map<String, Long> rejectedByReason,
    long conflicting,
    List<String> conflicts,
    TableSnapshot snapshot) {

  static PrepareResult unchanged(long found, TableSnapshot snapshot) {
    return new PrepareResult(found, 0, 0, 0, found, 0, 0, 0, Map.of(), 0, List.of(), snapshot);
  }

  static PrepareResult of(Tally tally, TableSnapshot snapshot) {
    return new PrepareResult(
        tally.found(),
        tally.of(Tally.Count.ACCEPTED),
        tally.rejected(),
        tally.duplicates(),
        tally.of(Tally.Count.UNCHANGED),
        tally.of(Tally.Count.REMOVED),
        tally.of(Tally.Count.REPLACED),
        tally.of(Tally.Count.RELABELLED),
        tally.rejectedByReason(),
        tally.of(Tally.Count.CONFLICTING),
        tally.conflicts(),
        snapshot);
  }
}
