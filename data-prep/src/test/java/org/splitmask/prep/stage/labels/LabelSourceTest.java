/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.item.Hints;
import org.splitmask.prep.source.item.SourceItem;
import org.splitmask.prep.stage.labels.LabelSource.Given;
import org.splitmask.prep.table.Split;

/** Who has the last word: a label file, the source itself, the folder. */
class LabelSourceTest {
  private static final LabelSource FOLDERS =
      new LabelSource.Folder(new SplitFolders(Map.of("file:/in", 0), Set.of(), Map.of()));

  @Test
  void withoutAnyWordOfTheSourceTheFoldersSayIt() {
    assertThat(FOLDERS.of(item(null))).isEqualTo(new Given("hats", Split.TEST, null));
  }

  @Test
  void whatTheSourceSaysIsStrongerThanTheFolder() {
    assertThat(FOLDERS.of(item(new Hints("caps", " Val ", "patient 1"))))
        .isEqualTo(new Given("caps", Split.VALIDATION, "patient 1"));
  }

  @Test
  void whatTheSourceDoesNotSayTheFolderDoes() {
    assertThat(FOLDERS.of(item(new Hints("caps", null, null))))
        .isEqualTo(new Given("caps", Split.TEST, null));
    assertThat(FOLDERS.of(item(new Hints(null, "train", null))))
        .isEqualTo(new Given("hats", Split.TRAIN, null));
    assertThat(FOLDERS.of(item(new Hints(null, null, "patient 1"))))
        .isEqualTo(new Given("hats", Split.TEST, "patient 1"));
  }

  @Test
  void aLabelThatCannotBeUsedIsNotTakenFromTheFolder() {
    assertThat(FOLDERS.of(item(new Hints(Hints.UNUSABLE, null, null))).label()).isNull();
  }

  @Test
  void aWordThatIsNoSplitIsRefusedWithItsFile() {
    assertThatThrownBy(() -> FOLDERS.of(item(new Hints("caps", "eval", null))))
        .hasMessageContainingAll("the split of file:/in/test/hats/1.jpg is 'eval'", "--labels")
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }

  @Test
  void whatALabelFileDoesNotListIsForTrainingWithoutALabel() {
    LabelSource listed = new LabelSource.Listed();

    assertThat(listed.of(item(new Hints("caps", null, "patient 1"))))
        .isEqualTo(new Given("caps", null, "patient 1"));
    assertThat(listed.of(item(new Hints(null, "validation", null))))
        .isEqualTo(new Given(null, Split.VALIDATION, null));
    assertThat(listed.of(item(null))).isEqualTo(new Given(null, Split.TRAIN, null));
  }

  @Test
  void aLabelFileTakesThePlaceOfWhatTheSourceSays() {
    SourceItem said = item(new Hints("caps", "test", "patient 1"));
    ListedLine line = new ListedLine(1, "test/hats/1.jpg", null, "hats", Split.TRAIN, null);

    assertThat(new FileClaim(said, List.of(line), List.of()).labelled().hints())
        .isEqualTo(new Hints("hats", "train", null));
    assertThat(new FileClaim(said, List.of(), List.of()).labelled().hints()).isNull();
  }

  private static SourceItem item(@Nullable Hints hints) {
    SourceItem plain = new SourceItem("file:/in", "file:/in/test/hats/1.jpg", 1, 1);
    return new SourceItem(
        plain.root(), plain.path(), plain.size(), plain.modified(), plain.location(), hints);
  }
}
