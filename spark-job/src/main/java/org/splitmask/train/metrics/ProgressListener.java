/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.splitmask.common.cli.Progress;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundResult;
import org.splitmask.train.averaging.TrainingState;

/** Shows the images that were seen and the losses. */
public final class ProgressListener implements RoundListener {
  private final Progress progress;
  private final ToLongFunction<TrainingState> imagesSeen;
  private final List<String> losses;

  /**
   * A listener.
   *
   * @param imagesSeen of a run that came to a state
   * @param losses the figures that are shown
   */
  public ProgressListener(
      Progress progress, ToLongFunction<TrainingState> imagesSeen, List<String> losses) {
    this.progress = progress;
    this.imagesSeen = imagesSeen;
    this.losses = losses;
  }

  @Override
  public void onRound(RoundResult result) {
    Map<String, Double> figures = result.metrics().figures();
    progress.at(
        imagesSeen.applyAsLong(result.state()),
        losses.stream()
            .map(name -> String.format(Locale.ROOT, "%s %.3f", name, figures.get(name)))
            .collect(Collectors.joining(" ")));
  }
}
