/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Configuration as records: every key declared once, unknown keys refused, precedence in one place.
 */
@NullMarked
package org.splitmask.common.config;

import org.jspecify.annotations.NullMarked;
