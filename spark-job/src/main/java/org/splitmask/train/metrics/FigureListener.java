/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
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
    Map<String, Number> named = new LinkedHashMap<>(metrics.named());
    named.put("images", images);
    named.put("imagesPerSecond", metrics.images() / metrics.times().seconds());
    named.forEach((name, value) -> figures.accept(name, value.doubleValue()));
  }
}
