/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.splitmask.common.failure.Check;

/**
 * A program that takes a step of comparable work for each line on its standard input, and says how
 * fast that was on a line of its standard output: a JSON object with imagesPerSecond. It waits
 * while others work, so that the two can take turns.
 */
public final class SteppingRival implements AutoCloseable {
  private final String command;
  private final Process process;
  private final OutputStream requests;
  private final BufferedReader answers;

  /**
   * Starts it.
   *
   * @param command for the shell
   */
  public SteppingRival(String command) throws IOException {
    this.command = command;
    this.process =
        new ProcessBuilder("sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    this.requests = process.getOutputStream();
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Has it take one step. */
  public double imagesPerSecond() throws IOException {
    String answer;
    try {
      requests.write('\n');
      requests.flush();
      answer = answers.readLine();
    } catch (IOException e) {
      answer = null; // it has ended, and its pipe with it
    }
    Check.that(answer != null, "'%s' (--beside) ended before it had taken its step", command);
    return Rival.speed(Check.present(answer, "no answer"), command);
  }

  /** Ends it. */
  @Override
  public void close() {
    process.destroy();
  }
}
