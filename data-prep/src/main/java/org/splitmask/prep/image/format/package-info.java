/* SPDX-License-Identifier: Apache-2.0 */
/** Tells the formats apart by their content, and checks a file of each before a decoder sees it. */
@NullMarked
package org.splitmask.prep.image.format;

import org.jspecify.annotations.NullMarked;
