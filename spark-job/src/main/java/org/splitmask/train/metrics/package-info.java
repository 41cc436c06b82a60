/* SPDX-License-Identifier: Apache-2.0 */
/** What a run reports while it trains. */
@NullMarked
package org.splitmask.train.metrics;

import org.jspecify.annotations.NullMarked;
