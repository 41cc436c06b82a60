/* SPDX-License-Identifier: Apache-2.0 */
/** What both stages need to bring rows together. */
@NullMarked
package org.splitmask.common.shuffle;

import org.jspecify.annotations.NullMarked;
