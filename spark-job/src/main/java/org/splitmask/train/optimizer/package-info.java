/* SPDX-License-Identifier: Apache-2.0 */
/** How parameters follow gradients: AdamW, its rate, the rates of layers. JDK only. */
@NullMarked
package org.splitmask.train.optimizer;

import org.jspecify.annotations.NullMarked;
