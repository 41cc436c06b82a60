/* SPDX-License-Identifier: Apache-2.0 */
/** The keys of a training run, each declared once. */
@NullMarked
package org.splitmask.train.config;

import org.jspecify.annotations.NullMarked;
