/* SPDX-License-Identifier: Apache-2.0 */
/** Tars and zips of pictures: their entries, links and sidecars. */
@NullMarked
package org.splitmask.prep.source.archive;

import org.jspecify.annotations.NullMarked;
