/* SPDX-License-Identifier: Apache-2.0 */
/** What every command shares: parsing, exit codes, the JSON line, progress. */
@NullMarked
package org.splitmask.common.cli;

import org.jspecify.annotations.NullMarked;
