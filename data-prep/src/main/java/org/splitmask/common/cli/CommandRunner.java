/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;

/**
 * Runs a command: parses, executes, prints the result as one JSON object on the last line of
 * standard output, and turns a failure into its message and exit code. The failure is logged here,
 * once, with its cause.
 */
public final class CommandRunner {
  private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

  private final PrintStream out;
  private final PrintStream err;

  public CommandRunner(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /**
   * Runs the command.
   *
   * @param command a picocli-annotated command whose result is a map that Jackson can write
   * @return the exit code: 0, or the {@link Blame}'s
   */
  public int run(Callable<Map<String, Object>> command, String... arguments) {
    IExecutionExceptionHandler onFailure = (failure, line, parsed) -> fail(failure);
    CommandLine line =
        new CommandLine(command)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setExecutionExceptionHandler(onFailure);
    int exitCode = line.execute(arguments);
    Map<String, Object> result = line.getExecutionResult();
    return exitCode == 0 && result != null ? print(result) : exitCode;
  }

  private int print(Map<String, Object> result) {
    try {
      err.flush();
      out.println(new ObjectMapper().writeValueAsString(result));
      out.flush();
      return 0;
    } catch (JsonProcessingException e) {
      return fail(e);
    }
  }

  private int fail(Exception failure) {
    Blame blame = SplitMaskException.blameOf(failure);
    String message =
        SplitMaskException.root(failure)
            .map(Throwable::getMessage)
            .orElseGet(() -> describe(failure));
    if (blame == Blame.BUG) {
      LOG.error("this is a defect of SplitMask; please report it with this trace", failure);
    } else {
      LOG.debug("failed", failure);
    }
    err.println("error: " + message);
    err.flush();
    return blame.exitCode();
  }

  private static String describe(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest == failure
        ? String.valueOf(failure)
        : failure.getMessage() + " (cause: " + deepest + ")";
  }
}
