/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.splitmask.train.eval.probe.Probe;
import org.splitmask.train.eval.probe.ProbeScore;

/**
 * What an evaluation found.
 *
 * @param classes the names of the classes
 * @param trainImages labelled images that the probes were fitted on
 * @param testImages labelled images that they were scored on
 * @param scores by probe and kind of feature, in the order of the report
 */
public record Evaluation(
    List<String> classes,
    int trainImages,
    int testImages,
    Map<Probe, Map<FeatureKind, ProbeScore>> scores) {

  /**
   * The tree of evaluation.json, in maps and numbers:
   *
   * <pre>
   * {"knn":    {"trained": 0.31, "random": 0.22, "pixels": 0.2, "histogram": 0.1},
   *  "linear": {"trained": 0.61, ...},
   *  "classes": 10, "trainImages": 800, "testImages": 200,
   *  "l2": {"trained": 0.01, ...},
   *  "standardError": {"knn": {"trained": 0.03, ...}, "linear": {...}}}
   * </pre>
   *
   * <p>Accuracies are shares from 0 to 1; probes that were not asked for are absent.
   */
  public Map<String, Object> toMap() {
    Map<String, Object> tree = new LinkedHashMap<>(byProbe(ProbeScore::accuracy));
    tree.put("classes", classes.size());
    tree.put("trainImages", trainImages);
    tree.put("testImages", testImages);
    if (scores.containsKey(Probe.LINEAR)) {
      tree.put(
          "l2",
          byKind(scores.getOrDefault(Probe.LINEAR, Map.of()), score -> score.l2().orElseThrow()));
    }
    tree.put("standardError", byProbe(ProbeScore::standardError));
    return tree;
  }

  private Map<String, Object> byProbe(Function<ProbeScore, Double> number) {
    Map<String, Object> tree = new LinkedHashMap<>();
    scores.forEach((probe, kinds) -> tree.put(probe.word(), byKind(kinds, number)));
    return tree;
  }

  private static Map<String, Object> byKind(
      Map<FeatureKind, ProbeScore> scores, Function<ProbeScore, Double> number) {
    Map<String, Object> tree = new LinkedHashMap<>();
    scores.forEach((kind, score) -> tree.put(kind.word(), number.apply(score)));
    return tree;
  }
}
