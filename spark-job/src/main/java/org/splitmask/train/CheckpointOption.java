/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import org.splitmask.train.checkpoint.CheckpointChoice;
import picocli.CommandLine.Option;

/** The option of commands that use the encoder of one of a run's checkpoints. */
final class CheckpointOption {
  @Option(
      names = "--checkpoint",
      paramLabel = "WHICH",
      defaultValue = "latest",
      description =
          "latest, best (the one with the lowest loss), or N: the one of that round; inspect RUN"
              + " lists them (default: ${DEFAULT-VALUE}).")
  private String word = "latest";

  CheckpointChoice choice() {
    return CheckpointChoice.of(word);
  }
}
