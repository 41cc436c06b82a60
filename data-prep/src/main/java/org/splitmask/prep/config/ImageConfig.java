/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.config;

import java.io.Serializable;
import java.time.Duration;
import org.splitmask.common.config.Key;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.image.Background;
import org.splitmask.prep.image.DamagedImages;
import org.splitmask.prep.image.ImageDecoder;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.patch.PatchShape;

/** What becomes of a picture; every key here changes rows. */
public record ImageConfig(
    @Key(
            defaultValue = "224",
            help = "side of the stored square in pixels; 1 to 4096, an even multiple of patch-size")
        int imageSize,
    @Key(defaultValue = "16", help = "side of a patch in pixels; at least 1") int patchSize,
    @Key(
            defaultValue = "255,255,255",
            help = "colour behind transparent pictures as red,green,blue; each 0 to 255")
        String background,
    @Key(
            defaultValue = "16",
            help = "pictures whose shorter side has fewer pixels are rejected; at least 1")
        int minSide,
    @Key(
            defaultValue = "100000000",
            help =
                "most pixels that a picture's header may claim; 1 to 1000000000; a task needs up"
                    + " to 8 bytes of memory for each pixel")
        long maxPixels,
    @Key(defaultValue = "67108864", help = "longest file that is read, in bytes; 1 to 1000000000")
        long maxBytes,
    @Key(
            defaultValue = "false",
            help =
                "true: a truncated or damaged picture is accepted as far as it can be decoded;"
                    + " what is missing is often grey")
        boolean acceptDamaged)
    implements Serializable {
  /** OpenCV refuses more by itself. */
  private static final long MOST_PIXELS = 1_000_000_000;

  /** A file is one Java array. */
  private static final long MOST_BYTES = 1_000_000_000;

  private static final int CHANNELS = 3;

  public ImageConfig {
    new PatchShape(imageSize, patchSize, CHANNELS);
    parse(background);
    Check.that(minSide >= 1, "min-side must be at least 1, was %d", minSide);
    Check.that(
        maxPixels >= 1 && maxPixels <= MOST_PIXELS,
        "max-pixels must be from 1 to %d, was %d",
        MOST_PIXELS,
        maxPixels);
    Check.that(
        maxBytes >= 1 && maxBytes <= MOST_BYTES,
        "max-bytes must be from 1 to %d, was %d",
        MOST_BYTES,
        maxBytes);
  }

  /** The shape of every row. */
  public PatchShape shape() {
    return new PatchShape(imageSize, patchSize, CHANNELS);
  }

  public ImageLimits limits() {
    return new ImageLimits(maxBytes, maxPixels, minSide);
  }

  /** A decoder that does what these keys say, and spends at most this time on a picture. */
  public ImageDecoder decoder(Duration maxTime) {
    DamagedImages damaged = acceptDamaged ? DamagedImages.ACCEPT : DamagedImages.REFUSE;
    return new ImageDecoder(limits(), backgroundColour(), damaged, maxTime, imageSize);
  }

  public Background backgroundColour() {
    return parse(background);
  }

  private static Background parse(String text) {
    String[] parts = text.split(",", -1);
    try {
      if (parts.length == 3) {
        return new Background(part(parts[0]), part(parts[1]), part(parts[2]));
      }
    } catch (NumberFormatException e) {
      // Falls through to the message for all malformed colours.
    }
    throw Check.failure(
        Blame.USER,
        "background must be red,green,blue from 0 to 255 each, was '%s'; white is 255,255,255",
        text);
  }

  private static int part(String text) {
    int value = Integer.parseInt(text.trim());
    if (value < 0 || value > 255) {
      throw new NumberFormatException(text);
    }
    return value;
  }
}
