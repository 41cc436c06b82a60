/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval;

import java.util.List;
import org.splitmask.prep.table.Split;
import org.splitmask.train.eval.probe.FeatureRow;

/** Where the evaluator gets the features from. */
@FunctionalInterface
public interface FeatureSource {
  /** The split's rows in any order, those without a label included. */
  List<FeatureRow> rows(FeatureKind kind, Split split);
}
