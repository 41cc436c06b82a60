/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The door: from a file's bytes to a square RGB picture, or to the reason why not. Nothing in a
 * file is trusted: its header is read and judged in Java before a decoder allocates anything.
 */
@NullMarked
package org.splitmask.prep.image;

import org.jspecify.annotations.NullMarked;
