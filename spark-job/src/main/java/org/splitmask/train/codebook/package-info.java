/* SPDX-License-Identifier: Apache-2.0 */
/** Codebooks that are fitted on a table, with Spark, and kept beside it. */
@NullMarked
package org.splitmask.train.codebook;

import org.jspecify.annotations.NullMarked;
