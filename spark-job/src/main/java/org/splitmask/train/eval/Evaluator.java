/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.splitmask.common.failure.Check;
import org.splitmask.prep.table.Split;
import org.splitmask.train.eval.probe.LabelledSplits;
import org.splitmask.train.eval.probe.Probe;
import org.splitmask.train.eval.probe.ProbeScore;

/** Probes kinds of features: fits on the train split, scores on the test split. */
public final class Evaluator {
  private static final Logger LOG = LoggerFactory.getLogger(Evaluator.class);

  private Evaluator() {}

  /**
   * Evaluates.
   *
   * @throws org.splitmask.common.failure.SplitMaskException blaming the data when its labels and
   *     splits do not allow an evaluation
   */
  public static Evaluation evaluate(
      FeatureSource source, Set<Probe> probes, Set<FeatureKind> kinds) {
    Check.that(!probes.isEmpty(), "no probe to evaluate with; give --probe knn,linear");
    Check.that(!kinds.isEmpty(), "no features to evaluate; give --features trained");
    Map<Probe, Map<FeatureKind, ProbeScore>> scores = new EnumMap<>(Probe.class);
    probes.forEach(probe -> scores.put(probe, new EnumMap<>(FeatureKind.class)));
    LabelledSplits last = null;
    for (FeatureKind kind : kinds) {
      LabelledSplits splits =
          LabelledSplits.of(source.rows(kind, Split.TRAIN), source.rows(kind, Split.TEST));
      scores.forEach((probe, byKind) -> byKind.put(kind, score(probe, kind, splits)));
      last = splits;
    }
    LabelledSplits splits = Check.present(last, "there are no kinds of features");
    return new Evaluation(splits.classes(), splits.train().rows(), splits.test().rows(), scores);
  }

  private static ProbeScore score(Probe probe, FeatureKind kind, LabelledSplits splits) {
    ProbeScore score = probe.score(splits);
    LOG.info("{} {}: {} of {} right", probe.word(), kind.word(), score.correct(), score.images());
    return score;
  }
}
