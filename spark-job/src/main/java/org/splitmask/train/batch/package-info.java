/* SPDX-License-Identifier: Apache-2.0 */
/** From rows of the patch table to mini-batches: order, crops, normalisation, splits, tokens. */
@NullMarked
package org.splitmask.train.batch;

import org.jspecify.annotations.NullMarked;
