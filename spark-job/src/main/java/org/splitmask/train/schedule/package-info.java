/* SPDX-License-Identifier: Apache-2.0 */
/** When things happen: learning rates, and which images each step of a round takes. JDK only. */
@NullMarked
package org.splitmask.train.schedule;

import org.jspecify.annotations.NullMarked;
