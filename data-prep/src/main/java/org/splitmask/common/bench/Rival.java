/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Check;
import org.splitmask.common.failure.SplitMaskException;

/**
 * A program on one core that does comparable work and says how fast it was.
 *
 * @param command for the shell; its last line on standard output is a JSON object with
 *     imagesPerSecond
 */
public record Rival(String command) {
  /** Runs it to its end. */
  public double imagesPerSecond() throws IOException {
    Process process =
        new ProcessBuilder("sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = waitFor(process);
    Check.that(exit == 0, "'%s' (--beside) ended with exit code %d", command, exit);
    String last = out.lines().reduce("", (before, line) -> line);
    return speed(last, command);
  }

  private int waitFor(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new SplitMaskException(Blame.CLUSTER, "interrupted while waiting for " + command, e);
    }
  }

  /** The imagesPerSecond of a program's line. */
  static double speed(String line, String command) {
    double speed = 0;
    try {
      speed = new ObjectMapper().readTree(line).path("imagesPerSecond").asDouble();
    } catch (JsonProcessingException e) {
      // stays 0, which is said below
    }
    Check.that(
        speed > 0,
        "the last line of '%s' (--beside) is not a JSON object with imagesPerSecond, but: '%s'",
        command,
        line);
    return speed;
  }
}
