/* SPDX-License-Identifier: Apache-2.0 */
/** Cuts the centre square out of a decoded picture and resizes it; knows no format. */
@NullMarked
package org.splitmask.prep.image.resize;

import org.jspecify.annotations.NullMarked;
