/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.config;

import java.io.Serializable;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Check;

/** How pictures without a given split get one; every key here changes rows. */
public record SplitConfig(
    @Key(
            defaultValue = "0.1",
            help = "share of pictures for validation, among those whose split is not given; 0 to 1")
        double validationShare,
    @Key(
            defaultValue = "0.1",
            help = "share of pictures for test, among those whose split is not given; 0 to 1")
        double testShare,
    @Key(
            defaultValue = "hash",
            help =
                "how splits are drawn: hash: by the picture's hash; label: each label is divided"
                    + " by the same shares; group: by the hash of the picture's group, so that no"
                    + " group is in two splits")
        SplitBy splitBy)
    implements Serializable {
  /** What decides the split of a picture whose split is not given. */
  public enum SplitBy {
    HASH,
    LABEL,
    GROUP
  }

  public SplitConfig {
    Check.that(
        validationShare >= 0 && validationShare <= 1,
        "validation-share must be from 0 to 1, was %s",
        validationShare);
    Check.that(
        testShare >= 0 && testShare <= 1, "test-share must be from 0 to 1, was %s", testShare);
    Check.that(
        validationShare + testShare <= 1,
        "validation-share %s and test-share %s are more than 1 together; lower one",
        validationShare,
        testShare);
  }
}
