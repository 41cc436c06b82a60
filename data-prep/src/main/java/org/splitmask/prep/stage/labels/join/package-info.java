/* SPDX-License-Identifier: Apache-2.0 */
/** Brings the lines of a label file and the listed files together, with Spark. */
@NullMarked
package org.splitmask.prep.stage.labels.join;

import org.jspecify.annotations.NullMarked;
