/* SPDX-License-Identifier: Apache-2.0 */
/** The filter that pictures are resized with, when they are prepared and when they are cropped. */
@NullMarked
package org.splitmask.common.resample;

import org.jspecify.annotations.NullMarked;
