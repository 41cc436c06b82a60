/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;

/**
 * Finds JPEGs whose compressed data ends early although their end marker is there. libjpeg fills
 * what is missing with mid-grey and only warns, and OpenCV swallows the warning. So: when the last
 * pixels are exactly that grey, the JDK's own decoder, which passes warnings on, is asked.
 */
final class GreyFill {
  private static final int GREY = 128;
  private static final int LAST_PIXELS = 8;

  private GreyFill() {}

  static void check(Mat stored, byte[] file) throws RefusedImageException {
    if (!endsGrey(stored)) {
      return;
    }
    String warning = warningOf(file);
    if (warning != null) {
      RejectionReason reason =
          warning.contains("premature end") ? RejectionReason.TRUNCATED : RejectionReason.DAMAGED;
      throw new RefusedImageException(reason, "JPEG data breaks off (%s)", warning);
    }
  }

  private static boolean endsGrey(Mat stored) {
    int values = Math.min(LAST_PIXELS, stored.cols()) * stored.channels();
    byte[] row = new byte[stored.cols() * stored.channels()];
    stored.ptr(stored.rows() - 1).get(row);
    for (int i = row.length - values; i < row.length; i++) {
      if (Byte.toUnsignedInt(row[i]) != GREY) {
        return false;
      }
    }
    return true;
  }

  private static @Nullable String warningOf(byte[] file) {
    AtomicReference<@Nullable String> first = new AtomicReference<>();
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("jpeg");
    ImageReader reader = readers.next();
    try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(stream, true, true);
      reader.addIIOReadWarningListener((source, text) -> first.compareAndSet(null, text));
      reader.readRaster(0, null);
    } catch (IOException | RuntimeException e) {
      return first.get(); // it reads fewer kinds of JPEG than OpenCV: no verdict is no fault
    } finally {
      reader.dispose();
    }
    return first.get();
  }
}
