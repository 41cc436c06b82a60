/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Memory of libtorch: the flat state of a training, what is copied to the device, and what frees
 * it.
 */
@NullMarked
package org.splitmask.torch.tensor;

import org.jspecify.annotations.NullMarked;
