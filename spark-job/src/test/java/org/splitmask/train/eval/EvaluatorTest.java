/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.train.eval.probe.Rows.row;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.table.Split;
import org.splitmask.train.eval.probe.FeatureRow;
import org.splitmask.train.eval.probe.LinearProbe;
import org.splitmask.train.eval.probe.Probe;

class EvaluatorTest {
  private static final Set<FeatureKind> ALL = EnumSet.allOf(FeatureKind.class);

  @Test
  void reportHasTheContractsForm() {
    Map<String, Object> report =
        Evaluator.evaluate(EvaluatorTest::rows, EnumSet.allOf(Probe.class), ALL).toMap();

    assertThat(report.keySet())
        .containsExactly(
            "knn", "linear", "classes", "trainImages", "testImages", "l2", "standardError");
    // Trained tells the classes apart; the others hold the same value for every image.
    Map<String, Double> expected =
        Map.of("trained", 1.0, "random", 0.5, "pixels", 0.5, "histogram", 0.5);
    assertThat(report).containsEntry("knn", expected).containsEntry("linear", expected);
    assertThat(report)
        .containsEntry("classes", 2)
        .containsEntry("trainImages", 12)
        .containsEntry("testImages", 12);
    assertThat((Map<?, ?>) report.get("l2"))
        .hasSize(4)
        .allSatisfy((kind, l2) -> assertThat((Double) l2).isIn(LinearProbe.STRENGTHS));
    assertThat(report.get("standardError").toString()).startsWith("{knn={trained=0.0, random=0.14");
  }

  @Test
  void onlyTheProbesAskedForAreInTheReport() {
    Map<String, Object> report =
        Evaluator.evaluate(EvaluatorTest::rows, Set.of(Probe.KNN), ALL).toMap();

    assertThat(report).containsKey("knn").doesNotContainKeys("linear", "l2");
  }

  @Test
  void orderOfTheRowsDoesNotMatter() {
    FeatureSource reversed =
        (kind, split) -> {
          List<FeatureRow> rows = new ArrayList<>(rows(kind, split));
          Collections.reverse(rows);
          return rows;
        };
    Set<Probe> probes = EnumSet.allOf(Probe.class);

    assertThat(Evaluator.evaluate(reversed, probes, ALL))
        .isEqualTo(Evaluator.evaluate(EvaluatorTest::rows, probes, ALL));
  }

  @Test
  void aProbeIsNeeded() {
    assertThatThrownBy(() -> Evaluator.evaluate(EvaluatorTest::rows, Set.of(), ALL))
        .hasMessageContainingAll("no probe", "--probe");
  }

  @Test
  void probesAreNamedByTheirWords() {
    assertThat(Probe.of("linear")).contains(Probe.LINEAR);
    assertThat(Probe.of("LINEAR")).isEmpty();
  }

  private static List<FeatureRow> rows(FeatureKind kind, Split split) {
    List<FeatureRow> rows = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String label = i % 2 == 0 ? "even" : "odd";
      float first = kind == FeatureKind.TRAINED ? i % 2 : 1;
      rows.add(row(split.word() + (10 + i), label, first, 1));
    }
    return rows;
  }
}
