/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.file.RefusedImageException;
import org.splitmask.prep.image.format.FileStructures;

/**
 * A tool: decodes mutated files for as long as one likes, half of them with damaged pictures taken.
 *
 * <p>Arguments: how many files, a seed, a file that always holds the bytes in hand (a native crash
 * leaves them there), and folders of files to mutate besides the samples of the tests. All formats
 * get equally many. Prints counts by format and outcome, and the slowest file; an exception ends
 * it.
 */
final class DecodeMutations {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 26, 25_000_000, 1);
  private static final int SIZE = 64;

  private DecodeMutations() {}

  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[0]);
    Random random = new Random(Long.parseLong(arguments[1]));
    Path inHand = Path.of(arguments[2]);
    Map<String, List<byte[]>> seeds = new TreeMap<>();
    SamplePictures.all().values().forEach(file -> add(file, seeds));
    for (int i = 3; i < arguments.length; i++) {
      addReadable(Path.of(arguments[i]), seeds);
    }
    List<List<byte[]>> formats = List.copyOf(seeds.values());
    ImageDecoder[] decoders = {decoder(DamagedImages.REFUSE), decoder(DamagedImages.ACCEPT)};
    Map<String, Integer> outcomes = new TreeMap<>();
    long slowest = 0;
    for (int i = 0; i < count; i++) {
      List<byte[]> ofFormat = formats.get(random.nextInt(formats.size()));
      byte[] file = Mutation.of(ofFormat.get(random.nextInt(ofFormat.size())), random);
      Files.write(inHand, file);
      long start = System.nanoTime();
      DecodeResult result = decoders[i % 2].decode(file);
      slowest = Math.max(slowest, System.nanoTime() - start);
      outcomes.merge(format(file) + " " + outcome(result), 1, Integer::sum);
    }
    outcomes.forEach((outcome, files) -> System.out.println(files + "\t" + outcome));
    seeds.forEach((format, files) -> System.out.println(files.size() + " seeds of " + format));
    System.out.printf("%d files, slowest %.2f s%n", count, slowest / 1e9);
  }

  private static ImageDecoder decoder(DamagedImages damaged) {
    return new ImageDecoder(LIMITS, Background.WHITE, damaged, Duration.ofSeconds(60), SIZE);
  }

  /** Large files would only make it slow. */
  private static void addReadable(Path folder, Map<String, List<byte[]>> seeds) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        if (Files.size(file) < 200_000) {
          add(Files.readAllBytes(file), seeds);
        }
      }
    }
  }

  private static void add(byte[] file, Map<String, List<byte[]>> seeds) {
    if (!format(file).equals("other")) {
      seeds.computeIfAbsent(format(file), format -> new ArrayList<>()).add(file);
    }
  }

  private static String format(byte[] file) {
    try {
      return FileStructures.of(file).getClass().getSimpleName().replace("Structure", "");
    } catch (RefusedImageException e) {
      return "other";
    }
  }

  private static String outcome(DecodeResult result) {
    if (result instanceof Refused refused) {
      return refused.reason().word();
    }
    int values = ((Decoded) result).image().pixels().length;
    if (values != SIZE * SIZE * 3) {
      throw new IllegalStateException("a picture of " + values + " values");
    }
    return "accepted";
  }
}
