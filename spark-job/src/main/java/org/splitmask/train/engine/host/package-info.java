/* SPDX-License-Identifier: Apache-2.0 */
/** The engine on the processors of this machine: DL4J networks and AdamW in Java. */
@NullMarked
package org.splitmask.train.engine.host;

import org.jspecify.annotations.NullMarked;
