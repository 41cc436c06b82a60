/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;

/**
 * A tool: decodes every file of a folder and writes what became of it, for {@code
 * src/test/python/odd_images.py}, which compares it with Pillow.
 *
 * <p>Arguments: the folder, the output folder, the side of the pictures, and {@code accept} where
 * damaged ones are to be taken. Leaves {@code outcome.tsv} (path, outcome, detail, format, width,
 * height, profile) and {@code pixels.bin} (uint8 [S, S, 3] of each accepted file, in that order).
 */
final class DecodeFolder {
  private static final ImageLimits LIMITS = new ImageLimits(67_108_864, 100_000_000, 1);

  private DecodeFolder() {}

  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path output = Files.createDirectories(Path.of(arguments[1]));
    int size = Integer.parseInt(arguments[2]);
    DamagedImages damaged = arguments.length > 3 ? DamagedImages.ACCEPT : DamagedImages.REFUSE;
    ImageDecoder decoder =
        new ImageDecoder(LIMITS, Background.WHITE, damaged, ImageDecoder.DEFAULT_TIME, size);
    List<String> lines = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder);
        OutputStream pixels =
            new BufferedOutputStream(Files.newOutputStream(output.resolve("pixels.bin")))) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        DecodeResult result = decoder.decode(Files.readAllBytes(file));
        lines.add(folder.relativize(file) + "\t" + line(result));
        if (result instanceof Decoded decoded) {
          pixels.write(decoded.image().pixels());
        }
      }
    }
    Files.write(output.resolve("outcome.tsv"), lines);
  }

  private static String line(DecodeResult result) {
    if (result instanceof Refused refused) {
      String detail = refused.detail().replaceAll("\\s+", " ");
      return refused.reason().word() + "\t" + detail + "\t\t\t\t";
    }
    DecodedImage image = ((Decoded) result).image();
    String profile = image.colourProfile() == null ? "" : image.colourProfile();
    return String.format(
        Locale.ROOT,
        "accepted\t\t%s\t%d\t%d\t%s",
        image.format().word(),
        image.originalWidth(),
        image.originalHeight(),
        profile);
  }
}
