/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a learning task is to those who train it: a layout of parameters, mini-batches, a network
 * with gradients, named figures.
 */
@NullMarked
package org.splitmask.train.task;

import org.jspecify.annotations.NullMarked;
