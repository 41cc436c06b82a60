/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.common.cli;

import java.util.Optional;
import org.splitmask.common.session.ResultFile;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** {@code --result FILE}, which every command and subcommand has. */
final class ResultOption {
  private static final String NAME = "--result";

  private ResultOption() {}

  static void addTo(CommandLine line) {
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder(NAME)
                .type(String.class)
                .paramLabel("FILE")
                .description(
                    "Also writes the result, or the failure with its exit code, to this file of any"
                        + " filesystem.")
                .build());
    line.getSubcommands().values().forEach(ResultOption::addTo);
  }

  /** Found before the words are parsed, so that the file tells of a wrong word too. */
  static Optional<ResultFile> in(String... words) {
    for (int i = 0; i < words.length; i++) {
      if (words[i].startsWith(NAME + "=")) {
        return Optional.of(new ResultFile(words[i].substring(NAME.length() + 1)));
      }
      if (words[i].equals(NAME) && i + 1 < words.length) {
        return Optional.of(new ResultFile(words[i + 1]));
      }
    }
    return Optional.empty();
  }
}
