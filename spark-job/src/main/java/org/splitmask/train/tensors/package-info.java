/* SPDX-License-Identifier: Apache-2.0 */
/** Named tensors in files: the safetensors format. */
@NullMarked
package org.splitmask.train.tensors;

import org.jspecify.annotations.NullMarked;
