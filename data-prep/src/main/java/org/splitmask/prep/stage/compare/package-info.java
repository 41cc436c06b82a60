/* SPDX-License-Identifier: Apache-2.0 */
/** Compares what was listed with what the table knows, path by path. */
@NullMarked
package org.splitmask.prep.stage.compare;

import org.jspecify.annotations.NullMarked;
