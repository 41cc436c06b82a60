/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.Diagnosis;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.common.session.FileNameEncoding;
import org.splitmask.common.session.ResultFile;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Runs a command: parses, executes, prints the result as one JSON object on the last line of
 * standard output, and turns a failure into its message and exit code. The failure is logged here,
 * once, with its cause.
 */
public final class CommandRunner {
  private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);
  private static final int HELP_WIDTH = 72;

  private final PrintStream out;
  private final PrintStream err;
  private final String fileNameEncoding;
  private @Nullable ResultFile resultFile;

  public CommandRunner(PrintStream out, PrintStream err) {
    this(out, err, FileNameEncoding.ofThisJvm());
  }

  CommandRunner(PrintStream out, PrintStream err, String fileNameEncoding) {
    this.out = out;
    this.err = err;
    this.fileNameEncoding = fileNameEncoding;
  }

  /**
   * Runs the command.
   *
   * @param command a picocli-annotated command whose result is a map that Jackson can write
   * @return the exit code: 0, or the {@link Blame}'s
   */
  public int run(Callable<Map<String, Object>> command, String... arguments) {
    try {
      resultFile = ResultOption.in(arguments).orElse(null);
      CommandLine line = parser(command);
      int exitCode = line.execute(arguments);
      Map<String, Object> result = innermost(line).getExecutionResult();
      return exitCode == 0 && result != null ? finish(result) : exitCode;
    } catch (Error | RuntimeException e) {
      // What picocli lets pass: Hadoop reports a full local disk as an Error, a JVM a class that is
      // missing, and a subcommand's class may be missing before anything is parsed.
      return fail(e);
    }
  }

  private CommandLine parser(Callable<Map<String, Object>> command) {
    IExecutionExceptionHandler onFailure = (failure, line, parsed) -> fail(failure);
    CommandLine line =
        new CommandLine(command)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true)
            .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setParameterExceptionHandler(this::refuse)
            .setExecutionExceptionHandler(onFailure)
            .setExecutionStrategy(this::execute);
    line.getCommandSpec().version("SplitMask " + CodeVersion.of(command.getClass()));
    listKeys(line);
    ResultOption.addTo(line);
    return line;
  }

  /**
   * Words that are no command of ours. The help is long, and would hide what is wrong with them.
   */
  private int refuse(ParameterException failure, String... words) {
    String message = String.valueOf(failure.getMessage());
    err.println("error: " + message);
    CommandLine line = failure.getCommandLine();
    if (!UnmatchedArgumentException.printSuggestions(failure, line.getErr())) {
      err.println(line.getCommandSpec().qualifiedName() + " --help lists all options and keys");
    }
    err.flush();
    writeFailure(Blame.USER, message);
    return Blame.USER.exitCode();
  }

  /** Help is given whatever the JVM is like; work is done only where it reads every file name. */
  private int execute(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    try {
      FileNameEncoding.checkCommand(fileNameEncoding);
    } catch (SplitMaskException e) {
      return fail(e);
    }
    try {
      if (resultFile != null) {
        resultFile.begin();
      }
    } catch (SplitMaskException e) {
      resultFile = null; // which cannot be written
      return fail(e);
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  private static void listKeys(CommandLine line) {
    if (line.getCommand() instanceof Configured configured) {
      line.getCommandSpec().usageMessage().footer(keys(configured));
    }
    line.getSubcommands().values().forEach(CommandRunner::listKeys);
  }

  /** The subcommand that was run, or the command itself. */
  private static CommandLine innermost(CommandLine line) {
    ParseResult parsed = line.getParseResult();
    while (parsed != null && parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    return parsed == null ? line : parsed.commandSpec().commandLine();
  }

  private int finish(Map<String, Object> result) {
    try {
      err.flush();
      out.println(new ObjectMapper().writeValueAsString(result));
      out.flush();
      if (resultFile != null) {
        resultFile.done(result);
      }
      return 0;
    } catch (IOException e) {
      return fail(e);
    }
  }

  /** The lines of help for each key; picocli formats them, so that % must be doubled. */
  private static String[] keys(Configured command) {
    List<String> lines =
        new ArrayList<>(List.of("", "Keys (docs/keys.md has those of all commands):"));
    for (Configurations.Declared key : Configurations.declared(command.configuration())) {
      String value = key.defaultValue().isEmpty() ? "none" : key.defaultValue();
      lines.add(("  " + key.key() + "=" + value + "  (" + key.type() + ")").replace("%", "%%"));
      for (String part : wrapped(key.help())) {
        lines.add(("      " + part).replace("%", "%%"));
      }
    }
    return lines.toArray(String[]::new);
  }

  /** Lines that a terminal of 80 columns holds behind their indentation. */
  private static List<String> wrapped(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (line.length() > 0 && line.length() + word.length() > HELP_WIDTH) {
        lines.add(line.toString().stripTrailing());
        line.setLength(0);
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString().stripTrailing());
    return lines;
  }

  private int fail(Throwable failure) {
    Diagnosis diagnosis = Diagnosis.of(failure);
    if (diagnosis.blame() == Blame.BUG) {
      LOG.error("this is a defect of SplitMask; please report it with this trace", failure);
    } else {
      LOG.debug("failed", failure);
    }
    err.println("error: " + diagnosis.message());
    err.flush();
    writeFailure(diagnosis.blame(), diagnosis.message());
    return diagnosis.blame().exitCode();
  }

  private void writeFailure(Blame blame, String message) {
    if (resultFile == null) {
      return;
    }
    try {
      resultFile.failed(blame, message);
    } catch (Error | IOException | RuntimeException e) {
      // The failure itself is what counts, and has been told.
      err.println("the file of --result could not be written: " + Diagnosis.of(e).message());
      err.flush();
    }
  }
}
