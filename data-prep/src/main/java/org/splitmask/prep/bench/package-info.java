/* SPDX-License-Identifier: Apache-2.0 */
/** Measuring how fast preparing is, where its time goes, and how others do beside it. */
@NullMarked
package org.splitmask.prep.bench;

import org.jspecify.annotations.NullMarked;
