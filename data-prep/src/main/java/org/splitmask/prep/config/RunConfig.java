/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.config;

import java.io.Serializable;
import java.time.Duration;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;

/**
 * How a run works; no key here changes what a row is. A picture that takes longer than max-seconds
 * on one machine and not on another is rejected here and accepted there, with the same pixels: that
 * is why it is no part of a table's identity.
 */
public record RunConfig(
    @Key(
            defaultValue = "0.05",
            help =
                "the run fails if a larger share of the files is rejected; duplicates do not"
                    + " count; 0 to 1")
        double maxRejectedShare,
    @Key(
            defaultValue = "0",
            help =
                "the run fails if more archives and Parquet files are damaged and it is unknown"
                    + " how many pictures they should hold; 0 to 10000")
        int maxRejectedArchives,
    @Key(
            defaultValue = "0.1",
            help =
                "the run fails if a larger share of an input's pictures is gone, but ten"
                    + " pictures may always go; 0 to 1; with 1 an input may even be empty")
        double maxRemovedShare,
    @Key(
            defaultValue = "4000",
            help = "most files that one task reads and that one data file holds; at least 1")
        int filesPerTask,
    @Key(
            defaultValue = "30",
            help = "a picture that takes more seconds to decode is rejected; 0.1 to 3600")
        double maxSeconds)
    implements Serializable {
  /** As many damaged ones as a listing can name. */
  private static final int MOST_ARCHIVES = 10_000;

  public RunConfig {
    Check.that(
        maxRejectedShare >= 0 && maxRejectedShare <= 1,
        "max-rejected-share must be from 0 to 1, was %s",
        maxRejectedShare);
    Check.that(
        maxRejectedArchives >= 0 && maxRejectedArchives <= MOST_ARCHIVES,
        "max-rejected-archives must be from 0 to %d, was %d",
        MOST_ARCHIVES,
        maxRejectedArchives);
    Check.that(
        maxRemovedShare >= 0 && maxRemovedShare <= 1,
        "max-removed-share must be from 0 to 1, was %s",
        maxRemovedShare);
    Check.that(filesPerTask >= 1, "files-per-task must be at least 1, was %d", filesPerTask);
    Check.that(
        maxSeconds >= 0.1 && maxSeconds <= 3600,
        "max-seconds must be from 0.1 to 3600, was %s",
        maxSeconds);
  }

  /** The most time that decoding one picture may take. */
  public Duration maxTime() {
    return Duration.ofMillis(Math.round(maxSeconds * 1000));
  }
}
