/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.source.SourceItem;

/**
 * A file after the first reading.
 *
 * @param refused why it was not hashed, if it was not
 */
record HashedFile(SourceItem file, @Nullable Refused refused) implements Serializable {}
