/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.file.ImageFormat;

/**
 * A square picture, upright.
 *
 * @param pixels uint8 [S, S, 3] row-major, red first; not copied
 * @param size S
 * @param originalWidth of the upright picture before it was resized
 * @param originalHeight likewise
 * @param colourProfile the name of the ICC profile that the file carries, at most 120 characters,
 *     or {@code unnamed}; null without one, or if it is sRGB. The pixels are as stored.
 */
// An array, because a copy of every picture would cost more than the risk is worth.
@SuppressWarnings("ArrayRecordComponent")
public record DecodedImage(
    byte[] pixels,
    int size,
    ImageFormat format,
    int originalWidth,
    int originalHeight,
    @Nullable String colourProfile) {}
