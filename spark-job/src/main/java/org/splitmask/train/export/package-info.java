/* SPDX-License-Identifier: Apache-2.0 */
/** The encoder as files for others. */
@NullMarked
package org.splitmask.train.export;

import org.jspecify.annotations.NullMarked;
