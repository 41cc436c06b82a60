/* SPDX-License-Identifier: Apache-2.0 */
/** Keeps a table small: Iceberg's own Spark actions, and nothing of ours that they do. */
@NullMarked
package org.splitmask.prep.maintenance;

import org.jspecify.annotations.NullMarked;
