/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.table.write;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.table.PictureInfo;

/**
 * What becomes of a row that the table has.
 *
 * @param dataFile the data file that holds it
 * @param imageId which of its rows
 * @param replacement what the row says from now on, its pixels as they were; none: it goes
 */
public record RowEdit(String dataFile, String imageId, @Nullable PictureInfo replacement)
    implements Serializable {}
