/* SPDX-License-Identifier: Apache-2.0 */
/** What becomes of the files of one content: brought together, decided, decoded, written. */
@NullMarked
package org.splitmask.prep.stage.resolve;

import org.jspecify.annotations.NullMarked;
