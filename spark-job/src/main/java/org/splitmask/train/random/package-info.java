/* SPDX-License-Identifier: Apache-2.0 */
/** Seeds of random numbers, by what they are for. JDK only. */
@NullMarked
package org.splitmask.train.random;

import org.jspecify.annotations.NullMarked;
