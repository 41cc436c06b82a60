/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.checkpoint;

import java.io.IOException;
import java.util.Optional;
import org.splitmask.common.failure.Check;
import org.splitmask.train.checkpoint.CheckpointStore.SavedParameters;

/** Which of a run's checkpoints is read. */
public sealed interface CheckpointChoice {
  /** θ of that checkpoint; none where the run has no checkpoint yet. */
  Optional<SavedParameters> parameters(CheckpointStore checkpoints) throws IOException;

  /** The choice that a user names: {@code latest}, {@code best}, or the number of a round. */
  static CheckpointChoice of(String word) {
    return switch (word) {
      case "latest" -> new Latest();
      case "best" -> new Best();
      default -> {
        Check.that(
            word.matches("\\d{1,10}"),
            "--checkpoint must be latest, best or the number of a round, was '%s'",
            word);
        yield new OfRound(Long.parseLong(word));
      }
    };
  }

  /** The newest whole one. */
  record Latest() implements CheckpointChoice {
    @Override
    public Optional<SavedParameters> parameters(CheckpointStore checkpoints) throws IOException {
      return checkpoints.latestParameters();
    }
  }

  /** The whole one with the lowest loss. */
  record Best() implements CheckpointChoice {
    @Override
    public Optional<SavedParameters> parameters(CheckpointStore checkpoints) throws IOException {
      return checkpoints.bestParameters();
    }
  }

  /** That of a round, and no other in its place. */
  record OfRound(long round) implements CheckpointChoice {
    @Override
    public Optional<SavedParameters> parameters(CheckpointStore checkpoints) throws IOException {
      return checkpoints.parametersOf(round);
    }
  }
}
