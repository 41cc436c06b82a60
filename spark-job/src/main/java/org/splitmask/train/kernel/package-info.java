/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The arithmetic of the network on row-major arrays: a portable version and a fast one for CPUs.
 */
@NullMarked
package org.splitmask.train.kernel;

import org.jspecify.annotations.NullMarked;
