/* SPDX-License-Identifier: Apache-2.0 */
/** How a command gets its Spark session. */
@NullMarked
package org.splitmask.common.session;

import org.jspecify.annotations.NullMarked;
