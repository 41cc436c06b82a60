/* SPDX-License-Identifier: Apache-2.0 */
/** Failures that name whose they are, and the checks that raise them. */
@NullMarked
package org.splitmask.common.failure;

import org.jspecify.annotations.NullMarked;
