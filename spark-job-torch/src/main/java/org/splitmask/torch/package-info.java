/* SPDX-License-Identifier: Apache-2.0 */
/** The engine on libtorch, for processors and GPUs: autograd computes what the host engine does. */
@NullMarked
package org.splitmask.torch;

import org.jspecify.annotations.NullMarked;
