/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A file that is not in the table, and why.
 *
 * @param imageId SHA-256 of its bytes; none where they were not read, or may read otherwise next
 *     time
 * @param reason a word of the closed list
 * @param duplicateOf the path that is in the table with the same bytes
 */
public record RejectedRow(
    FileStamp file,
    @Nullable String imageId,
    String reason,
    @Nullable String detail,
    @Nullable String duplicateOf)
    implements Serializable {}
