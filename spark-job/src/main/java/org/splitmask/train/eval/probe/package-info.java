/* SPDX-License-Identifier: Apache-2.0 */
/** Classifiers on frozen features: nearest neighbours, and a linear probe. */
@NullMarked
package org.splitmask.train.eval.probe;

import org.jspecify.annotations.NullMarked;
