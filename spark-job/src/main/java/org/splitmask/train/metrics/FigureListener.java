/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import java.util.function.ObjDoubleConsumer;
import org.splitmask.train.averaging.RoundListener;
import org.splitmask.train.averaging.RoundMetrics;
import org.splitmask.train.averaging.RoundResult;

/** Tells the figures of each round by name, to whatever shows them while the run goes on. */
public final class FigureListener implements RoundListener {
  private final ObjDoubleConsumer<String> figures;
  private long images;

  /**
   * Tells rounds from here on.
   *
   * @param images that the run has seen before
   * @param figures takes a name and a value
   */
  public FigureListener(long images, ObjDoubleConsumer<String> figures) {
    this.images = images;
    this.figures = figures;
  }

  @Override
  public void onRound(RoundResult result) {
    RoundMetrics metrics = result.metrics();
    images += metrics.images();
    figures.accept("round", metrics.round());
    figures.accept("epoch", metrics.epoch());
    figures.accept("updates", metrics.updates());
    figures.accept("workers", metrics.workers());
    figures.accept("images", images);
    figures.accept("imagesPerSecond", metrics.images() / metrics.seconds());
    figures.accept("roundSeconds", metrics.seconds());
    figures.accept("loss", metrics.loss());
    metrics.figures().forEach(figures::accept);
    figures.accept("gradientNorm", metrics.gradientNorm());
    figures.accept("learningRate", metrics.learningRate());
    figures.accept("waitingShare", metrics.waitingShare());
  }
}
