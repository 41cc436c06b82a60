/* SPDX-License-Identifier: Apache-2.0 */
/** The preprocessing stage on Spark: from inputs to at most one commit of the table. */
@NullMarked
package org.splitmask.prep.stage;

import org.jspecify.annotations.NullMarked;
