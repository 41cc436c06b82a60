/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One picture's features.
 *
 * @param imageId SHA-256 of the file's bytes, which orders the rows
 * @param label its class, where one is known
 * @param features [D]; not copied, so not to be written to
 */
// An array, because a copy of every row would cost more than the risk is worth.
@SuppressWarnings("ArrayRecordComponent")
public record FeatureRow(String imageId, @Nullable String label, float[] features)
    implements Serializable {}
