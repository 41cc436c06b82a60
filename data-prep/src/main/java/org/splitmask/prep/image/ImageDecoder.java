/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.splitmask.prep.image.file.RejectionReason.DAMAGED;
import static org.splitmask.prep.image.file.RejectionReason.EMPTY;
import static org.splitmask.prep.image.file.RejectionReason.TOO_LARGE;
import static org.splitmask.prep.image.file.RejectionReason.TRUNCATED;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.jspecify.annotations.Nullable;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.FileStructure;
import org.splitmask.prep.image.file.ImageHeader;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.format.FileStructures;
import org.splitmask.prep.image.resize.ImageResizer;

/**
 * From a file's bytes to an upright square RGB picture. The type is decided by content, the size is
 * judged from the header, damage is looked for; a codec then decodes. Grey, palette, CMYK and
 * 16-bit pictures become 8-bit RGB, transparent ones lie on the background; colour profiles are
 * named and not applied.
 */
public final class ImageDecoder {
  /** For whoever has no reason to take another limit. */
  public static final Duration DEFAULT_TIME = Duration.ofSeconds(30);

  private final ImageLimits limits;
  private final Background background;
  private final DamagedImages damagedImages;
  private final TimeLimit timeLimit;
  private final int size;

  /** A picture that took too long may still be in a thread that nobody waits for. */
  private final ThreadLocal<ImageResizer> resizer;

  /** Makes a decoder that refuses damaged pictures and spends at most half a minute on one. */
  public ImageDecoder(ImageLimits limits, Background background, int size) {
    this(limits, background, DamagedImages.REFUSE, DEFAULT_TIME, size);
  }

  /**
   * Makes a decoder; it may be used again and again, by one thread at a time.
   *
   * @param time the most that one picture may take
   * @param size the side of the pictures that it returns
   */
  public ImageDecoder(
      ImageLimits limits,
      Background background,
      DamagedImages damagedImages,
      Duration time,
      int size) {
    this.limits = limits;
    this.background = background;
    this.damagedImages = damagedImages;
    this.timeLimit = new TimeLimit(time);
    this.size = size;
    this.resizer = ThreadLocal.withInitial(() -> new ImageResizer(size));
  }

  /**
   * Decodes one file. Whatever the bytes are, the outcome is a result and never an exception.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public DecodeResult decode(byte[] file) {
    return decodeAll(List.of(file)).get(0);
  }

  /**
   * Decodes files, which costs less than one at a time; each may take as long as a single one.
   *
   * @return a result for each
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public List<DecodeResult> decodeAll(List<byte[]> files) {
    List<Callable<DecodeResult>> work = new ArrayList<>(files.size());
    for (byte[] file : files) {
      work.add(() -> decodeUntimed(file));
    }
    return timeLimit.run(work);
  }

  /** Whether the length alone refuses a file, so that it need not be read. */
  public static @Nullable Refused refusedByLength(long length, ImageLimits limits) {
    if (length == 0) {
      return new Refused(EMPTY, "the file has no bytes");
    }
    if (length > limits.maxBytes()) {
      String detail = length + " bytes, max-bytes is " + limits.maxBytes();
      return new Refused(TOO_LARGE, detail);
    }
    return null;
  }

  private DecodeResult decodeUntimed(byte[] file) {
    Refused byLength = refusedByLength(file.length, limits);
    if (byLength != null) {
      return byLength;
    }
    try {
      FileStructure structure = FileStructures.of(file);
      structure.readHeader();
      structure.header().check(limits);
      RefusedImageException damage = damageOf(structure);
      if (damage != null && damagedImages == DamagedImages.REFUSE) {
        throw damage;
      }
      return new Decoded(decode(structure));
    } catch (RefusedImageException e) {
      return new Refused(e.reason(), String.valueOf(e.getMessage()));
    }
  }

  private static @Nullable RefusedImageException damageOf(FileStructure structure)
      throws RefusedImageException {
    try {
      structure.checkBody();
      return null;
    } catch (RefusedImageException e) {
      if (e.reason() == TRUNCATED || e.reason() == DAMAGED) {
        return e;
      }
      throw e;
    }
  }

  private DecodedImage decode(FileStructure structure) throws RefusedImageException {
    ImageHeader header = structure.header();
    try (PointerScope scope = new PointerScope()) {
      Mat stored = Codecs.decode(structure, header, Codecs.reduction(header, size));
      Mat square = PixelFormat.toBgr(ImageResizer.centreSquare(stored), background);
      byte[] resized = resizer.get().resize(square);
      return new DecodedImage(
          Orientation.upright(resized, size, header.orientation()),
          size,
          header.format(),
          header.uprightWidth(),
          header.uprightHeight(),
          header.colourProfile());
    } catch (RuntimeException e) {
      // OpenCV's C++ exceptions arrive so; what it cannot decode is a property of the file.
      throw new RefusedImageException(DAMAGED, "the decoder failed: %s", Failures.line(e));
    }
  }
}
