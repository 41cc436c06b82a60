/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import org.jspecify.annotations.Nullable;

/**
 * A file that is not in the table, and why.
 *
 * @param sourceModified milliseconds since 1970
 * @param reason a word of the closed list
 * @param duplicateOf the path that is in the table with the same bytes
 */
public record RejectedRow(
    String path,
    long sourceSize,
    long sourceModified,
    String reason,
    @Nullable String detail,
    @Nullable String duplicateOf) {}
