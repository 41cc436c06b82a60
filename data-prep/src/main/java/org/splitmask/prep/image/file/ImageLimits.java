/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image.file;

import java.io.Serializable;

/**
 * What a file may be at most, and a picture at least; all judged before anything is decoded.
 *
 * @param maxBytes the longest file
 * @param maxPixels the most pixels, width × height; a decoder takes 3 to 8 bytes for each
 * @param minSide the least shorter side in pixels
 */
public record ImageLimits(long maxBytes, long maxPixels, int minSide) implements Serializable {}
