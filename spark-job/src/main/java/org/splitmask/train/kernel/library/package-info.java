/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What kernels are made of: matrix products by a library, operations on rows, threads, native
 * memory.
 */
@NullMarked
package org.splitmask.train.kernel.library;

import org.jspecify.annotations.NullMarked;
