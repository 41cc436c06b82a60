/* SPDX-License-Identifier: Apache-2.0 */
/** One worker on its own images: the step, AdamW, the round's result. Knows nothing of Spark. */
@NullMarked
package org.splitmask.train.local;

import org.jspecify.annotations.NullMarked;
