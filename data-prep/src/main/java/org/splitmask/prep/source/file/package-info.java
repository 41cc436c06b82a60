/* SPDX-License-Identifier: Apache-2.0 */
/** Files of any Hadoop filesystem; those of the local disk by the bytes of their names. */
@NullMarked
package org.splitmask.prep.source.file;

import org.jspecify.annotations.NullMarked;
