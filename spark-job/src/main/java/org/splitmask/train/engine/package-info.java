/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What takes training steps: the engine, the state it begins with and gives back, and what it
 * reports. Knows no network.
 */
@NullMarked
package org.splitmask.train.engine;

import org.jspecify.annotations.NullMarked;
