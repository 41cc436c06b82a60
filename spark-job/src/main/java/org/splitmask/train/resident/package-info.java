/* SPDX-License-Identifier: Apache-2.0 */
/** What a process keeps between the tasks of a job: networks and engines with native memory. */
@NullMarked
package org.splitmask.train.resident;

import org.jspecify.annotations.NullMarked;
