/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.splitmask.train.eval.probe.Rows.row;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;

class LabelledSplitsTest {
  private static final String BY_LABEL = "split-by=label";
  private static final FeatureRow CAT = row("1", "cat", 1f, 2f);
  private static final FeatureRow DOG = row("2", "dog", 3f, 4f);
  private static final FeatureRow UNKNOWN = new FeatureRow("3", null, new float[] {5f, 6f});

  @Test
  void rowsAreInTheOrderOfTheirIdsAndClassesInThatOfTheirNames() {
    LabelledSplits splits =
        LabelledSplits.of(List.of(UNKNOWN, DOG, CAT), List.of(DOG, UNKNOWN, CAT));

    assertThat(splits.classes()).containsExactly("cat", "dog");
    assertThat(splits.train().features()).containsExactly(1f, 2f, 3f, 4f);
    assertThat(splits.train().labels()).containsExactly(0, 1);
    assertThat(splits.test().labels()).containsExactly(0, 1);
    assertThat(splits.test().width()).isEqualTo(2);
  }

  @Test
  void labelsAreNeeded() {
    refused(List.of(UNKNOWN), List.of(UNKNOWN), "none of the 2 images", "--labels");
    refused(List.of(UNKNOWN), List.of(CAT), "none of the 1 images of the train split", BY_LABEL);
    refused(
        List.of(CAT, DOG), List.of(UNKNOWN), "none of the 1 images of the test split", BY_LABEL);
  }

  @Test
  void bothSplitsAreNeeded() {
    refused(
        List.of(CAT, DOG),
        List.of(),
        "the test split has no images",
        "larger test-share",
        BY_LABEL);
    refused(
        List.of(), List.of(CAT), "the train split has no images", "smaller test-share", BY_LABEL);
  }

  @Test
  void twoClassesAreNeeded() {
    refused(List.of(CAT), List.of(CAT), "of the class [cat]", "at least 2 classes", BY_LABEL);
  }

  @Test
  void aClassOfTheTestSplitMustBeInTheTrainSplit() {
    refused(
        List.of(CAT, DOG), List.of(CAT, row("4", "emu", 1f, 1f)), "[emu]", BY_LABEL, "spelling");
  }

  @Test
  void featuresMustBeFinite() {
    refused(List.of(CAT, DOG), List.of(row("4", "cat", 1f, Float.NaN)), "image 4", "has diverged");
  }

  private static void refused(List<FeatureRow> train, List<FeatureRow> test, String... words) {
    assertThatThrownBy(() -> LabelledSplits.of(train, test))
        .hasMessageContainingAll(words)
        .extracting(failure -> ((SplitMaskException) failure).blame())
        .isEqualTo(Blame.DATA);
  }
}
