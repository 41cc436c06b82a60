/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.splitmask.prep.table.Split;

/**
 * What data sets call the folders of their splits: train, val (ImageFolder), train2017 (COCO),
 * ILSVRC2012_img_train (ImageNet), training_set, images_train; and their archives:
 * train-00000-of-00005.parquet, val_03.tar.
 */
final class SplitName {
  private static final String BESIDE = "images?|imgs?|pictures|data|set|split|seg|ilsvrc\\d*_img";

  private static final Pattern FOLDER =
      Pattern.compile(
          String.format(
              Locale.ROOT,
              "(?:(?:%1$s)[-_. ])?(?<word>[a-z]+?)(?:[-_. ]?(?:%1$s|\\d{2,4}))?",
              BESIDE));

  private static final Pattern SHARD = Pattern.compile("(?<word>[a-z]+)(?:[-_.]?\\d[-_.\\w]*)?");

  private SplitName() {}

  /** The split that a folder's name says. */
  static Optional<Split> of(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    Optional<Split> plain = Split.named(lower);
    return plain.isPresent() ? plain : word(FOLDER.matcher(lower));
  }

  /** The split that the name of an archive or Parquet file says. */
  static Optional<Split> ofShard(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int extension = name.indexOf('.');
    return word(SHARD.matcher(extension < 0 ? name : name.substring(0, extension)));
  }

  /** The split that a part of a folder's name may mean: cats_train, trainA, test-clean. */
  static Optional<Split> like(String name) {
    for (String part : name.split("[-_. ]|(?<=[a-z])(?=[A-Z0-9])", -1)) {
      Optional<Split> split = Split.named(part);
      if (split.isPresent()) {
        return split;
      }
    }
    return Optional.empty();
  }

  private static Optional<Split> word(Matcher matcher) {
    return matcher.matches() ? Split.named(matcher.group("word")) : Optional.empty();
  }
}
