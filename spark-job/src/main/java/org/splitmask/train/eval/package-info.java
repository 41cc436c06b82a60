/* SPDX-License-Identifier: Apache-2.0 */
/**
 * How good frozen features are: probes on the labelled splits of a table, beside a random encoder,
 * raw pixels and a colour histogram.
 */
@NullMarked
package org.splitmask.train.eval;

import org.jspecify.annotations.NullMarked;
