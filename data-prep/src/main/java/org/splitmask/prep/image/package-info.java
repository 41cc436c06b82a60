/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From a file's bytes to a square RGB picture, or to the reason why not. Nothing in a file is
 * trusted: its header is read and judged here, in Java, before a decoder allocates anything.
 */
@NullMarked
package org.splitmask.prep.image;

import org.jspecify.annotations.NullMarked;
