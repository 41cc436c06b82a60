/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import org.jspecify.annotations.Nullable;
import org.splitmask.prep.stage.compare.ExpectedChanges;

/**
 * What a run would do, told without reading a file.
 *
 * @param bytesToWrite at most
 * @param stop why a run would stop, as far as listing tells
 */
public record DryRun(
    ExpectedChanges expected,
    long companions,
    long skipped,
    long bytesToWrite,
    @Nullable String stop) {}
