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
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;
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

  @Test
  void foldersBelowTheFourthAreLabels() {
    assertThat(given("a/b/c/train/1.jpg", "a/b/c/test/2.jpg"))
        .containsEntry("a/b/c/train/1.jpg", "null TRAIN");
    assertThat(given("a/b/c/d/train/1.jpg", "a/b/c/d/test/2.jpg"))
        .containsEntry("a/b/c/d/train/1.jpg", "train none");
    assertThat(given("a/b/c/d/e/f/1.jpg")).containsEntry("a/b/c/d/e/f/1.jpg", "f none");
  }

  @Test
  void archivesThatAreCalledAsDifferentSplitsSayThem() {
    SourceItem train = entry("file:/in/train-000.tar", "cat/1.jpg");
    SourceItem test = entry("file:/in/test-000.tar", "train/2.jpg");
    SplitFolders both = folders(train, test);

    assertThat(both.split(train)).contains(Split.TRAIN);
    assertThat(both.label(train)).isEqualTo("cat");
    assertThat(both.split(test)).contains(Split.TEST);
    assertThat(both.label(test)).as("beside a cat").isEqualTo("train");
    assertThat(both.split(item("file:/in", "3.jpg"))).as("a file beside them").isEmpty();
  }

  @Test
  void archivesOfOneSplitOrWithOthersBesideThemSayNone() {
    SourceItem train = entry("file:/in/train-000.tar", "cat/1.jpg");
    SourceItem more = entry("file:/in/train-001.tar", "cat/1.jpg");
    SourceItem test = entry("file:/in/test-000.tar", "dog/2.jpg");
    SourceItem other = entry("file:/in/extra.tar", "dog/3.jpg");

    assertThat(folders(train, more).split(train)).as("one split alone").isEmpty();
    assertThat(folders(train, test, other).split(train)).as("another archive").isEmpty();
    TopFolders top = new TopFolders();
    top.add(train);
    top.add(test);
    assertThat(top.areShardsSplits()).isTrue();
    assertThat(top.areSomeShardsSplits()).isFalse();
    top.add(other);
    assertThat(top.areShardsSplits()).isFalse();
    assertThat(top.areSomeShardsSplits()).isTrue();
    TopFolders one = new TopFolders();
    one.add(train);
    one.add(other);
    assertThat(one.areSomeShardsSplits()).as("no two splits").isFalse();
  }

  @Test
  void whatPartsSayOfArchivesAddsUp() {
    Map<String, TopFolders> one =
        SplitFolders.places(List.of(entry("file:/in/train.tar", "cat/1.jpg")).iterator());
    Map<String, TopFolders> two =
        SplitFolders.places(List.of(entry("file:/in/test.tar", "cat/2.jpg")).iterator());
    Map<String, TopFolders> other =
        SplitFolders.places(List.of(entry("file:/in/extra.tar", "cat/3.jpg")).iterator());

    assertThat(SplitFolders.ofParts(List.of(one, two)).shards()).containsExactly("file:/in!");
    assertThat(SplitFolders.ofParts(List.of(one, two, other)).shards()).isEmpty();
  }

  @Test
  void foldersInArchivesAreJudgedApartFromThoseBesideThem() {
    SourceItem file = item("file:/in", "cat/1.jpg");
    SourceItem train = entry("file:/in/all.tar", "train/cat/2.jpg");
    SourceItem test = entry("file:/in/all.tar", "test/dog/3.jpg");
    SplitFolders all = folders(file, train, test);

    assertThat(all.split(train)).contains(Split.TRAIN);
    assertThat(all.label(train)).isEqualTo("cat");
    assertThat(all.split(file)).isEmpty();
    assertThat(all.label(file)).isEqualTo("cat");
  }

  @Test
  void whatCannotBeOpenedSaysNothingOfFolders() {
    SourceItem broken =
        ((Finding.Item) Finding.unreadable("file:/in", "file:/in/extra/x", "permission denied"))
            .item();
    SourceItem train = item("file:/in", "train/1.jpg");

    assertThat(folders(broken, train, item("file:/in", "test/2.jpg")).split(train))
        .contains(Split.TRAIN);
  }

  @Test
  void inputsThatAreArchivesSaySplitsByTheirNames() {
    SourceItem train = archive("file:/d/train_00.tar", "cat/1.jpg");
    SourceItem val = archive("file:/d/val_00.tar", "cat/2.jpg");

    assertThat(folders(train, val).split(train)).contains(Split.TRAIN);
    assertThat(folders(train, val).split(val)).contains(Split.VALIDATION);
    assertThat(folders(train).split(train)).as("one alone says nothing").isEmpty();
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

  private static SplitFolders folders(SourceItem... items) {
    return SplitFolders.ofParts(List.of(SplitFolders.places(List.of(items).iterator())));
  }

  /** Of an archive in an input. */
  private static SourceItem entry(String archive, String name) {
    return new SourceItem("file:/in", archive + "!/" + name, 1, 1, new InArchive(archive), null);
  }

  /** Of an archive that is itself the input. */
  private static SourceItem archive(String archive, String name) {
    return new SourceItem(archive + "!", archive + "!/" + name, 1, 1, new InArchive(archive), null);
  }

  private record InArchive(String container) implements ItemLocation {
    @Override
    public long position() {
      return 0;
    }

    @Override
    public Access access() {
      return Access.SEQUENTIAL;
    }

    @Override
    public byte[] read(String path, OpenContainer open, int atMost) {
      throw new AssertionError("nothing is read to be labelled");
    }
  }

  private static SourceItem item(String root, String path) {
    return new SourceItem(root, root + "/" + path, 1, 1);
  }
}
