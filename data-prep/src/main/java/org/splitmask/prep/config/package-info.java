/* SPDX-License-Identifier: Apache-2.0 */
/** The keys of prepare. */
@NullMarked
package org.splitmask.prep.config;

import org.jspecify.annotations.NullMarked;
