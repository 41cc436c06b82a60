/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import org.splitmask.common.cli.CommandRunner;
import org.splitmask.common.session.ApplicationEnd;
import org.splitmask.common.session.ResultFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code result}: what became of a command that ran elsewhere. */
@Command(
    name = "result",
    mixinStandardHelpOptions = true,
    description = {
      "Prints the result of a command that was given --result FILE, and ends with its exit code.",
      "A command that has not begun or not ended counts as 4, worth a retry."
    },
    sortOptions = false)
public final class ResultApp implements Callable<Map<String, Object>> {
  @Parameters(
      paramLabel = "FILE",
      description = "The file that a command was given as --result; any filesystem of Hadoop's.")
  private String file = "";

  @Option(
      names = "--begin",
      description =
          "Only say in FILE that a command is about to begin, so that the result of an earlier"
              + " one is not taken for its own.")
  private boolean isBeginning;

  public static void main(String[] arguments) throws SparkException {
    ApplicationEnd.with(
        new CommandRunner(System.out, System.err).run(new ResultApp(), arguments), System::exit);
  }

  @Override
  public Map<String, Object> call() throws IOException {
    ResultFile result = new ResultFile(file);
    if (isBeginning) {
      result.submit();
      return Map.of();
    }
    return result.read();
  }
}
