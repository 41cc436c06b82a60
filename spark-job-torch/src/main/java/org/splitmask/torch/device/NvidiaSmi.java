/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.torch.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the driver's own program tells of a machine's cards. It needs none of CUDA's libraries, so
 * it can tell what is wrong before libtorch is loaded, which fails without a good reason.
 *
 * @param program the file to run
 */
public record NvidiaSmi(String program) {
  private static final Logger LOG = LoggerFactory.getLogger(NvidiaSmi.class);
  private static final int FIELDS = 6;

  /** A machine with sixteen cards prints less than two kilobytes. */
  private static final int MOST_BYTES = 1 << 16;

  private static final long MOST_SECONDS = 30;

  /** The one on PATH. */
  static NvidiaSmi onPath() {
    return new NvidiaSmi("nvidia-smi");
  }

  /**
   * The machine's cards in the driver's order.
   *
   * @return empty where the program is not there or tells nothing that can be read
   */
  List<Card> cards() {
    try {
      Process process =
          new ProcessBuilder(
                  program,
                  "--query-gpu=index,uuid,name,compute_cap,driver_version,memory.total",
                  "--format=csv,noheader,nounits")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      try {
        // Its few lines wait in the pipe meanwhile. A driver that hangs would never end them.
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          LOG.warn("{} tells nothing of the GPUs", program);
          return List.of();
        }
        byte[] output = process.getInputStream().readNBytes(MOST_BYTES);
        return parse(new String(output, StandardCharsets.UTF_8));
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      LOG.debug("no {}: {}", program, e.getMessage());
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  private static List<Card> parse(String output) {
    List<Card> cards = new ArrayList<>();
    for (String line : output.split("\n", -1)) {
      parseLine(line).ifPresent(cards::add);
    }
    return cards;
  }

  /** Of a card that does not tell some number ("[N/A]"), nothing is known. */
  private static Optional<Card> parseLine(String line) {
    String[] fields = line.strip().split("\\s*,\\s*", -1);
    if (fields.length != FIELDS) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Card(
              Integer.parseInt(fields[0]),
              fields[1],
              fields[2],
              Version.of(fields[3]),
              Version.of(fields[4]),
              Long.parseLong(fields[5])));
    } catch (NumberFormatException e) {
      LOG.warn("nvidia-smi says of a GPU what cannot be read: {}", line);
      return Optional.empty();
    }
  }
}
