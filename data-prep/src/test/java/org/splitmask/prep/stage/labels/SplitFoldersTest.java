/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.table.Split;

class SplitFoldersTest {
  @ParameterizedTest
  @CsvSource({
    "train, TRAIN",
    "Train, TRAIN",
    "training, TRAIN",
    "training_set, TRAIN",
    "train2017, TRAIN",
    "images_train, TRAIN",
    "train-images, TRAIN",
    "seg_train, TRAIN",
    "ILSVRC2012_img_train, TRAIN",
    "val, VALIDATION",
    "VAL, VALIDATION",
    "valid, VALIDATION",
    "validation, VALIDATION",
    "dev, VALIDATION",
    "val2017, VALIDATION",
    "ILSVRC2012_img_val, VALIDATION",
    "test, TEST",
    "test_set, TEST",
    "test 2024, TEST"
  })
  void foldersAreCalledAsSplitsInManyWays(String name, Split split) {
    assertThat(SplitName.of(name)).contains(split);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "trains",
        "train_station",
        "test tube",
        "trainers",
        "tests",
        "valley",
        "cat",
        "2017",
        "train 1",
        "retrain",
        "",
        "images",
        "eval",
        "test_train"
      })
  void classesAreNot(String name) {
    assertThat(SplitName.of(name)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/d/train-00000-of-00005.parquet, TRAIN",
    "/d/val_03.tar, VALIDATION",
    "/d/test.tar.gz, TEST",
    "/d/Train.zip, TRAIN"
  })
  void archivesAsWell(String path, Split split) {
    assertThat(SplitName.ofShard(path)).contains(split);
  }

  @Test
  void topFoldersThatAreAllSplitsSayTheSplitAndNoLabel() {
    Map<String, String> given = given("train/a.jpg", "train/cat/b.jpg", "test/cat/train/c.jpg");

    assertThat(given)
        .containsEntry("train/a.jpg", "null TRAIN")
        .containsEntry("train/cat/b.jpg", "cat TRAIN")
        .containsEntry("test/cat/train/c.jpg", "train TEST");
  }

  @Test
  void foldersThatHoldAllDoNotCount() {
    assertThat(given("set/2024/train/a.jpg", "set/2024/val/cat/b.jpg"))
        .containsEntry("set/2024/train/a.jpg", "null TRAIN")
        .containsEntry("set/2024/val/cat/b.jpg", "cat VALIDATION");
  }

  @Test
  void whereOneIsNoSplitAllAreLabels() {
    assertThat(given("train/a.jpg", "test/b.jpg", "extra/c.jpg"))
        .containsEntry("train/a.jpg", "train none")
        .containsEntry("test/b.jpg", "test none")
        .containsEntry("extra/c.jpg", "extra none");
    assertThat(top("train/a.jpg", "test/b.jpg", "extra/c.jpg").namesLikeSplits())
        .containsExactly("test", "train");
    assertThat(top("train/a.jpg", "car/b.jpg").namesLikeSplits()).as("a train").isEmpty();
  }

  @Test
  void picturesBesideTheFoldersHaveNoSplitFromThem() {
    assertThat(given("train/a.jpg", "test/b.jpg", "logo.png"))
        .containsEntry("logo.png", "null none");
  }

  @Test
  void manyClassesAreNoSplits() {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      paths.add("class" + i + "/x.jpg");
    }
    paths.add("train/x.jpg");

    assertThat(given(paths.toArray(String[]::new))).containsEntry("train/x.jpg", "train none");
  }

  @Test
  void inputsThatAreAllCalledSoAreSplits() {
    Map<String, TopFolders> places = new TreeMap<>();
    SourceItem train = item("file:/d/train", "cat/1.jpg");
    SourceItem test = item("file:/d/test", "2.jpg");
    places.put(train.root(), top("cat/1.jpg"));
    places.put(test.root(), top("2.jpg"));
    SplitFolders both = SplitFolders.of(places);

    assertThat(both.split(train)).contains(Split.TRAIN);
    assertThat(both.label(train)).isEqualTo("cat");
    assertThat(both.split(test)).contains(Split.TEST);
    assertThat(both.label(test)).isNull();
    places.remove(test.root());
    assertThat(SplitFolders.of(places).split(train)).as("one alone says nothing").isEmpty();
  }

  @Test
  void whatPartsOfAListingSayAddsUp() {
    TopFolders one = top("train/a.jpg");
    TopFolders other = top("extra/b.jpg");

    assertThat(one.splitDepth()).isZero();
    assertThat(one.plus(other).splitDepth()).isEqualTo(-1);
  }

  /** Label and split of each path. */
  private static Map<String, String> given(String... paths) {
    SplitFolders folders = SplitFolders.of(Map.of("file:/in", top(paths)));
    Map<String, String> given = new TreeMap<>();
    for (String path : paths) {
      SourceItem item = item("file:/in", path);
      String split = folders.split(item).map(Split::name).orElse("none");
      given.put(path, folders.label(item) + " " + split);
    }
    return given;
  }

  private static TopFolders top(String... paths) {
    TopFolders top = new TopFolders();
    for (String path : paths) {
      top.add(item("file:/in", path));
    }
    return top;
  }

  private static SourceItem item(String root, String path) {
    return new SourceItem(root, root + "/" + path, 1, 1);
  }
}
