/* SPDX-License-Identifier: Apache-2.0 */
/** A picture's file: what it says of its picture, what it may be at most, and why it is refused. */
@NullMarked
package org.splitmask.prep.image.file;

import org.jspecify.annotations.NullMarked;
