/* SPDX-License-Identifier: Apache-2.0 */
/** Cutting pictures into patches and putting them together again: plain arrays, nothing else. */
@NullMarked
package org.splitmask.prep.patch;

import org.jspecify.annotations.NullMarked;
