/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What takes training steps: the engine, the state it begins with and gives back, and what it
 * reports. And what computes a trained encoder. Knows no network, only the sizes of one.
 */
@NullMarked
package org.splitmask.train.engine;

import org.jspecify.annotations.NullMarked;
