/* SPDX-License-Identifier: Apache-2.0 */
/** Changes a patch table: the files that tasks write, the one commit of a run, and maintenance. */
@NullMarked
package org.splitmask.prep.table.write;

import org.jspecify.annotations.NullMarked;
