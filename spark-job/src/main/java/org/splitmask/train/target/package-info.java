/* SPDX-License-Identifier: Apache-2.0 */
/** What a patch is to be inpainted as: one token of a vocabulary per patch. */
@NullMarked
package org.splitmask.train.target;

import org.jspecify.annotations.NullMarked;
