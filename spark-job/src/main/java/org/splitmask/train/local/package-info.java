/* SPDX-License-Identifier: Apache-2.0 */
/** One worker on its own images: deals mini-batches to an engine. Knows nothing of Spark. */
@NullMarked
package org.splitmask.train.local;

import org.jspecify.annotations.NullMarked;
