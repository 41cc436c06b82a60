/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import org.jspecify.annotations.Nullable;

/**
 * A picture on its way into the table.
 *
 * @param sourceModified milliseconds since 1970
 * @param format jpeg or png
 * @param patches uint8 [L, P, P, C] row-major
 */
// An array, because a copy of every picture would cost more than the risk is worth.
@SuppressWarnings("ArrayRecordComponent")
public record AcceptedRow(
    String imageId,
    String path,
    @Nullable String label,
    Split split,
    long sourceSize,
    long sourceModified,
    String format,
    int originalWidth,
    int originalHeight,
    byte[] patches) {}
