/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.splitmask.train.tensors.SafeTensors;

/** The files that {@code src/test/python/make_fixtures.py} wrote with the independent reference. */
public final class Fixture {
  private Fixture() {}

  /** The fixture of that name. */
  public static SafeTensors read(String name) {
    String file = "/fixtures/" + name + ".safetensors";
    try (InputStream stream = Objects.requireNonNull(Fixture.class.getResourceAsStream(file))) {
      byte[] bytes = stream.readAllBytes();
      return SafeTensors.read(new java.io.ByteArrayInputStream(bytes), file, bytes.length);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** A file that was written just now. */
  public static SafeTensors read(Path file) {
    try (InputStream stream = Files.newInputStream(file)) {
      return SafeTensors.read(stream, file.toString(), Files.size(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** ‖a − b‖ / max(‖b‖, floor). */
  public static double distance(float[] actual, float[] expected, double floor) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference) / Math.max(Math.sqrt(norm), floor);
  }
}
