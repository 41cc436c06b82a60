/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says what a listing came across besides pictures. */
public final class ListingReport {
  private static final Logger LOG = LoggerFactory.getLogger(ListingReport.class);

  private ListingReport() {}

  public static void log(ListingTally tally) {
    if (!tally.asides().isEmpty()) {
      LOG.info("not looked into: {}", asides(tally));
    }
    tally
        .remarks()
        .forEach(
            (kind, named) ->
                LOG.warn(
                    "{} {}; such as {}",
                    named.count(),
                    kind.words(),
                    String.join(", ", named.examples())));
  }

  /** What was not looked into, by kind with a few names. */
  public static String asides(ListingTally tally) {
    List<String> kinds = new ArrayList<>();
    tally
        .asides()
        .forEach(
            (kind, named) ->
                kinds.add(
                    named.count()
                        + " "
                        + kind.words()
                        + " ("
                        + String.join(", ", named.examples())
                        + (named.count() > named.examples().size() ? ", ..." : "")
                        + ")"));
    return kinds.isEmpty() ? "there is nothing at all" : String.join("; ", kinds);
  }
}
