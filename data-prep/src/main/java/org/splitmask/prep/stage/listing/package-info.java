/* SPDX-License-Identifier: Apache-2.0 */
/** Lists the inputs with Spark, and counts what is found. */
@NullMarked
package org.splitmask.prep.stage.listing;

import org.jspecify.annotations.NullMarked;
