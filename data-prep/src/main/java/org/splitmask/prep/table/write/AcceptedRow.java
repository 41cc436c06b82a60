/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import org.splitmask.prep.table.PictureInfo;

/**
 * A picture on its way into the table.
 *
 * @param patches uint8 [L, P, P, C] row-major
 */
// An array, because a copy of every picture would cost more than the risk is worth.
@SuppressWarnings("ArrayRecordComponent")
public record AcceptedRow(PictureInfo info, byte[] patches) {}
