/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;

/** How a run goes about it; no key here changes rows. */
public record RunConfig(
    @Key(
            defaultValue = "0.05",
            help =
                "share of files that may be rejected, duplicates apart, before the run fails; 0 to 1")
        double maxRejectedShare,
    @Key(
            defaultValue = "4000",
            help = "most files that one task reads, and one data file holds; at least 1")
        int filesPerTask)
    implements Serializable {
  public RunConfig {
    Check.that(
        maxRejectedShare >= 0 && maxRejectedShare <= 1,
        "max-rejected-share must be from 0 to 1, was %s",
        maxRejectedShare);
    Check.that(filesPerTask >= 1, "files-per-task must be at least 1, was %d", filesPerTask);
  }
}
