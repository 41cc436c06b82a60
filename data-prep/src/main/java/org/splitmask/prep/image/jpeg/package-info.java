/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Walks through a JPEG down to its last coefficient, so that damage shows before a decoder runs.
 */
@NullMarked
package org.splitmask.prep.image.jpeg;

import org.jspecify.annotations.NullMarked;
