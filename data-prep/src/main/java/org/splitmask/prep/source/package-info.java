/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Where pictures come from: what the user gave, folder by folder and line by line. The door to the
 * packages below, which know nothing of it.
 */
@NullMarked
package org.splitmask.prep.source;

import org.jspecify.annotations.NullMarked;
