/* SPDX-License-Identifier: Apache-2.0 */
/** SplitMask's network in libtorch's tensors: transformer, descriptors and losses, forward. */
@NullMarked
package org.splitmask.torch.network;

import org.jspecify.annotations.NullMarked;
