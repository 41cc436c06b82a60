/* SPDX-License-Identifier: Apache-2.0 */
/** The commands {@code prepare} and {@code inspect}. */
@NullMarked
package org.splitmask.prep;

import org.jspecify.annotations.NullMarked;
