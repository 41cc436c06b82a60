/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Which device a process computes on: what GPUs there are, which one it takes, whether it can be
 * used.
 */
@NullMarked
package org.splitmask.torch.device;

import org.jspecify.annotations.NullMarked;
