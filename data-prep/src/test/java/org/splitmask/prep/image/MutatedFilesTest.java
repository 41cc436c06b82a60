/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.splitmask.prep.image.DecodeResult.Decoded;
import org.splitmask.prep.image.DecodeResult.Refused;
import org.splitmask.prep.image.file.ImageLimits;
import org.splitmask.prep.image.file.RejectionReason;

/** Whatever happens to a good file of any format: a picture or a reason comes out. */
class MutatedFilesTest {
  private static final int SIZE = 32;
  private static final ImageLimits LIMITS = new ImageLimits(1 << 20, 4_000_000, 1);
  private static final Map<String, byte[]> SAMPLES = SamplePictures.all();

  private final ImageDecoder strict =
      new ImageDecoder(
          LIMITS, Background.WHITE, DamagedImages.REFUSE, Duration.ofSeconds(20), SIZE);
  private final ImageDecoder lenient =
      new ImageDecoder(
          LIMITS, Background.WHITE, DamagedImages.ACCEPT, Duration.ofSeconds(20), SIZE);

  @Property(tries = 300, seed = "20261123")
  void aTruncatedFileIsDecodedOrRefused(
      @ForAll("samples") String sample, @ForAll("shares") double kept) {
    byte[] whole = SAMPLES.get(sample);
    byte[] file = Arrays.copyOf(whole, (int) (kept * whole.length));

    isDecodedOrRefused(strict.decode(file));
    isDecodedOrRefused(lenient.decode(file));
  }

  @Property(tries = 300, seed = "20261123")
  void aFileWithFlippedBitsIsDecodedOrRefused(@ForAll("flipped") byte[] file) {
    isDecodedOrRefused(strict.decode(file));
    isDecodedOrRefused(lenient.decode(file));
  }

  @Property(tries = 300, seed = "20261123")
  void aFileWithLostAndMovedPartsIsDecodedOrRefused(
      @ForAll("samples") String sample, @ForAll long seed) {
    byte[] file = Mutation.of(SAMPLES.get(sample), new Random(seed));

    isDecodedOrRefused(strict.decode(file));
    isDecodedOrRefused(lenient.decode(file));
  }

  @Property(tries = 150, seed = "20261123")
  void whatIsTakenOfADamagedFileIsAlwaysTheSame(
      @ForAll("flipped") byte[] file, @ForAll("samples") String between) {
    DecodeResult first = lenient.decode(file);
    lenient.decode(SAMPLES.get(between));
    DecodeResult second = lenient.decode(file);

    assertThat(second.getClass()).isEqualTo(first.getClass());
    if (first instanceof Decoded decoded) {
      assertThat(((Decoded) second).image().pixels()).isEqualTo(decoded.image().pixels());
    }
  }

  @Provide
  Arbitrary<String> samples() {
    return Arbitraries.of(SAMPLES.keySet());
  }

  @Provide
  Arbitrary<Double> shares() {
    return Arbitraries.doubles().between(0, 0.999).ofScale(3);
  }

  @Provide
  Arbitrary<byte[]> flipped() {
    Arbitrary<List<Double>> places = shares().list().ofMinSize(1).ofMaxSize(8);
    return Combinators.combine(samples(), places)
        .as(
            (sample, flips) -> {
              byte[] file = SAMPLES.get(sample).clone();
              for (double place : flips) {
                int bit = (int) (place * file.length * 8);
                file[bit / 8] ^= (byte) (1 << bit % 8);
              }
              return file;
            });
  }

  private static void isDecodedOrRefused(DecodeResult result) {
    if (result instanceof Decoded decoded) {
      assertThat(decoded.image().pixels()).hasSize(SIZE * SIZE * 3);
      assertThat(decoded.image().originalWidth()).isPositive();
    } else {
      Refused refused = (Refused) result;
      assertThat(refused.detail()).isNotBlank().doesNotContain("\n");
      assertThat(refused.reason()).isNotEqualTo(RejectionReason.TIMEOUT);
    }
  }
}
