/* SPDX-License-Identifier: Apache-2.0 */
/** What benchmarks of all parts share: figures, and other programs beside ours. */
@NullMarked
package org.splitmask.common.bench;

import org.jspecify.annotations.NullMarked;
