/* SPDX-License-Identifier: Apache-2.0 */
/** The two losses of SplitMask and their gradients. */
@NullMarked
package org.splitmask.train.loss;

import org.jspecify.annotations.NullMarked;
