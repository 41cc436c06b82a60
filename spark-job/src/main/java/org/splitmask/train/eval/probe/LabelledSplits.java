/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.eval.probe;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.splitmask.common.failure.Check;

/**
 * One kind of feature of the images that have a label, to fit on and to score on. The rows are in
 * the order of their image ids and the classes in that of their names, so that nothing depends on
 * how the table is partitioned.
 *
 * @param classes the names; a label is an index into them
 */
public record LabelledSplits(List<String> classes, LabelledFeatures train, LabelledFeatures test) {
  /** With few pictures a hash may leave a class out of a split. */
  private static final String BY_LABEL =
      "--rebuild split-by=label (each class has its shares of the splits)";

  /** From rows in any order; those without a label are left out. */
  public static LabelledSplits of(List<FeatureRow> train, List<FeatureRow> test) {
    List<FeatureRow> fitted = labelled(train);
    List<FeatureRow> scored = labelled(test);
    checkSplits(train, test, fitted, scored);
    List<String> classes = List.copyOf(names(fitted));
    checkClasses(classes, scored);
    int width = fitted.get(0).features().length;
    return new LabelledSplits(
        classes, features(fitted, classes, width), features(scored, classes, width));
  }

  private static List<FeatureRow> labelled(List<FeatureRow> rows) {
    return rows.stream()
        .filter(row -> row.label() != null)
        .sorted(Comparator.comparing(FeatureRow::imageId))
        .toList();
  }

  private static void checkSplits(
      List<FeatureRow> train,
      List<FeatureRow> test,
      List<FeatureRow> fitted,
      List<FeatureRow> scored) {
    Check.data(
        !train.isEmpty(),
        "the train split has no images, so that there is nothing to fit a probe on; prepare again"
            + " with a smaller test-share, with %s, or with a --labels file that names splits",
        BY_LABEL);
    Check.data(
        !test.isEmpty(),
        "the test split has no images, so that there is nothing to score on; prepare again with a"
            + " larger test-share, with %s, or with a --labels file that names splits",
        BY_LABEL);
    Check.data(
        !fitted.isEmpty() || !scored.isEmpty(),
        "none of the %d images of the train and test splits has a label, and a probe needs them;"
            + " prepare again with --labels, or with one folder for each class",
        train.size() + test.size());
    Check.data(
        !fitted.isEmpty(),
        "none of the %d images of the train split has a label, and %d of the test split have; prepare"
            + " again with %s",
        train.size(),
        scored.size(),
        BY_LABEL);
    Check.data(
        !scored.isEmpty(),
        "none of the %d images of the test split has a label, and %d of the train split have; prepare"
            + " again with %s",
        test.size(),
        fitted.size(),
        BY_LABEL);
  }

  private static void checkClasses(List<String> classes, List<FeatureRow> scored) {
    Check.data(
        classes.size() >= 2,
        "all labelled images of the train split are of the class %s, and a probe needs at least 2"
            + " classes; prepare with --labels, or with one folder for each class; if the table has"
            + " more classes, with %s",
        classes,
        BY_LABEL);
    NavigableSet<String> unknown = names(scored);
    classes.forEach(unknown::remove);
    Check.data(
        unknown.isEmpty(),
        "the test split has labels that no image of the train split has: %s; prepare again with %s,"
            + " or correct the labels' spelling or their splits in the --labels file",
        unknown,
        BY_LABEL);
  }

  private static NavigableSet<String> names(List<FeatureRow> rows) {
    NavigableSet<String> names = new TreeSet<>();
    rows.forEach(row -> names.add(label(row)));
    return names;
  }

  private static LabelledFeatures features(List<FeatureRow> rows, List<String> classes, int width) {
    long values = (long) rows.size() * width;
    Check.data(
        values <= Integer.MAX_VALUE - 8,
        "%d images with %d features each are more than an evaluation can hold (2^31 values);"
            + " evaluate on a table with fewer labelled images",
        rows.size(),
        width);
    float[] features = new float[(int) values];
    int[] labels = new int[rows.size()];
    for (int i = 0; i < rows.size(); i++) {
      FeatureRow row = rows.get(i);
      checkRow(row, width);
      System.arraycopy(row.features(), 0, features, i * width, width);
      labels[i] = Collections.binarySearch(classes, label(row));
    }
    return new LabelledFeatures(features, width, labels);
  }

  private static void checkRow(FeatureRow row, int width) {
    Check.invariant(
        row.features().length == width,
        "image %s has %d features, others have %d",
        row.imageId(),
        row.features().length,
        width);
    for (float feature : row.features()) {
      Check.data(
          Float.isFinite(feature),
          "image %s has a feature that is not a finite number: the encoder has diverged; evaluate"
              + " an earlier checkpoint, or train again with a smaller learning rate",
          row.imageId());
    }
  }

  private static String label(FeatureRow row) {
    return Objects.requireNonNull(row.label());
  }
}
