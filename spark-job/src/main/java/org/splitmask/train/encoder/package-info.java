/* SPDX-License-Identifier: Apache-2.0 */
/** A run's encoder as others use it: evaluation and export. */
@NullMarked
package org.splitmask.train.encoder;

import org.jspecify.annotations.NullMarked;
