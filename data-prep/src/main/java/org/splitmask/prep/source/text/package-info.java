/* SPDX-License-Identifier: Apache-2.0 */
/** Text that others wrote: names by their bytes, and words that name a class. The JDK alone. */
@NullMarked
package org.splitmask.prep.source.text;

import org.jspecify.annotations.NullMarked;
