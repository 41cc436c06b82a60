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

/**
 * A tool: decodes mutated files for as long as one likes, half of them with damaged pictures taken.
 *
 * <p>Arguments: how many files, a seed, a file that always holds the bytes in hand (a native crash
 * leaves them there), and folders of files to mutate besides the samples of the tests. Prints
 * counts by format and outcome, and the slowest file; an exception ends it.
 */
final class DecodeMutations {
  private static final ImageLimits LIMITS = new ImageLimits(1 << 26, 25_000_000, 1);
  private static final int SIZE = 64;

  private DecodeMutations() {}

  public static void main(String[] arguments) throws IOException {
    int count = Integer.parseInt(arguments[0]);
    Random random = new Random(Long.parseLong(arguments[1]));
    Path inHand = Path.of(arguments[2]);
    List<byte[]> seeds = new ArrayList<>(SamplePictures.all().values());
    for (int i = 3; i < arguments.length; i++) {
      addReadable(Path.of(arguments[i]), seeds);
    }
    ImageDecoder[] decoders = {decoder(DamagedImages.REFUSE), decoder(DamagedImages.ACCEPT)};
    Map<String, Integer> outcomes = new TreeMap<>();
    long slowest = 0;
    for (int i = 0; i < count; i++) {
      byte[] file = Mutation.of(seeds.get(random.nextInt(seeds.size())), random);
      Files.write(inHand, file);
      long start = System.nanoTime();
      DecodeResult result = decoders[i % 2].decode(file);
      slowest = Math.max(slowest, System.nanoTime() - start);
      outcomes.merge(format(file) + " " + outcome(result), 1, Integer::sum);
    }
    outcomes.forEach((outcome, files) -> System.out.println(files + "\t" + outcome));
    System.out.printf("%d files of %d seeds, slowest %.2f s%n", count, seeds.size(), slowest / 1e9);
  }

  private static ImageDecoder decoder(DamagedImages damaged) {
    return new ImageDecoder(LIMITS, Background.WHITE, damaged, Duration.ofSeconds(60), SIZE);
  }

  /** Large files would only make it slow. */
  private static void addReadable(Path folder, List<byte[]> seeds) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        byte[] bytes = Files.size(file) > 200_000 ? new byte[0] : Files.readAllBytes(file);
        if (!format(bytes).equals("other")) {
          seeds.add(bytes);
        }
      }
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
