/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a listing finds: items, and the containers that hold them; and the reading of their bytes.
 */
@NullMarked
package org.splitmask.prep.source.item;

import org.jspecify.annotations.NullMarked;
