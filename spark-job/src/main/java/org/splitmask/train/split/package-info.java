/* SPDX-License-Identifier: Apache-2.0 */
/** Which patches each branch sees. JDK only. */
@NullMarked
package org.splitmask.train.split;

import org.jspecify.annotations.NullMarked;
