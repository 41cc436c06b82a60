/* SPDX-License-Identifier: Apache-2.0 */
/** The commands: one {@code *App} each, and the main path of training. */
@NullMarked
package org.splitmask.train;

import org.jspecify.annotations.NullMarked;
