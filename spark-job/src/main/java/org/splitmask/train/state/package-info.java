/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What training carries from step to step: parameters and Adam's moments, in segments. JDK only.
 */
@NullMarked
package org.splitmask.train.state;

import org.jspecify.annotations.NullMarked;
