/* SPDX-License-Identifier: Apache-2.0 */
/** What a network's parameters are: their tensors, their places in one vector, how they start. */
@NullMarked
package org.splitmask.train.parameter;

import org.jspecify.annotations.NullMarked;
