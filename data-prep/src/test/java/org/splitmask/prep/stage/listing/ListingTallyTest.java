/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.Container;
import org.splitmask.prep.source.item.ContainerFile;
import org.splitmask.prep.source.item.ContainerFormat;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.Listable;
import org.splitmask.prep.source.item.RemarkKind;
import org.splitmask.prep.source.item.SourceContext;
import org.splitmask.prep.source.item.SourceItem;

class ListingTallyTest {
  private static final Finding.Refusal REFUSAL = new Finding.Refusal(Blame.DATA, "no such column");

  @Test
  void everyKindOfFindingIsCountedAsWhatItIs() {
    ListingTally tally = tally(everything("a"));

    assertThat(tally.items()).isEqualTo(3);
    assertThat(tally.unreadable()).as("a name that cannot be opened").isEqualTo(1);
    assertThat(tally.containers()).isEqualTo(1);
    assertThat(tally.companions()).isEqualTo(5);
    assertThat(tally.skipped()).as("companions apart").isEqualTo(2);
    assertThat(tally.found(10)).isEqualTo(17);
    assertThat(tally.asidesByKind()).isEqualTo(Map.of("companion", 5L, "hidden", 2L));
    assertThat(tally.remarks().get(RemarkKind.UNFOLLOWED_LINK).count()).isEqualTo(1);
    assertThat(tally.damaged()).isEqualTo(1);
    assertThat(tally.damages()).containsExactly(damage("a.tar"));
    assertThat(tally.refusals()).containsExactly(REFUSAL);
    assertThat(tally.matched()).containsExactly("a*");
  }

  @Test
  void whatPartsOfAListingFoundAddsUp() {
    ListingTally all = tally(everything("a"));
    all.add(tally(everything("b")));

    assertThat(all.items()).isEqualTo(6);
    assertThat(all.unreadable()).isEqualTo(2);
    assertThat(all.containers()).isEqualTo(2);
    assertThat(all.asidesByKind()).isEqualTo(Map.of("companion", 10L, "hidden", 4L));
    assertThat(all.asides().get(AsideKind.COMPANION).examples()).containsExactly("a.txt", "b.txt");
    assertThat(all.remarks().get(RemarkKind.UNFOLLOWED_LINK).count()).isEqualTo(2);
    assertThat(all.damaged()).isEqualTo(2);
    assertThat(all.damages()).containsExactly(damage("a.tar"), damage("b.tar"));
    ListingTally none = new ListingTally();
    none.add(all);
    assertThat(none.refusals()).as("the first says why").containsExactly(REFUSAL);
    assertThat(all.matched()).containsExactly("a*", "b*");
  }

  @Test
  void moreDamagesThanCanBeNamedAreCountedThroughAllSums() {
    ListingTally tally = new ListingTally();
    for (int i = 0; i < ListingTally.MOST_DAMAGES + 3; i++) {
      tally.count(damage(i + ".tar"));
    }
    ListingTally all = tally(List.of(damage("a.tar")));
    all.add(tally);

    assertThat(tally.damages()).hasSize(ListingTally.MOST_DAMAGES);
    assertThat(tally.damaged()).isEqualTo(ListingTally.MOST_DAMAGES + 3);
    assertThat(all.damages()).hasSize(ListingTally.MOST_DAMAGES);
    assertThat(all.damaged()).isEqualTo(ListingTally.MOST_DAMAGES + 4);
  }

  @Test
  void threeOfManyAreNamed() {
    List<Finding> names = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      names.add(new Finding.Aside(AsideKind.HIDDEN, "." + i, 1));
    }
    ListingTally all = tally(List.of(new Finding.Aside(AsideKind.HIDDEN, ".first", 1)));
    all.add(tally(names));

    assertThat(tally(names).asides().get(AsideKind.HIDDEN).examples())
        .containsExactly(".0", ".1", ".2");
    assertThat(all.asides().get(AsideKind.HIDDEN).examples()).containsExactly(".first", ".0", ".1");
    assertThat(all.asides().get(AsideKind.HIDDEN).count()).isEqualTo(6);
  }

  @Test
  void whatWasNotLookedIntoIsToldByKindWithNames() {
    ListingTally tally =
        tally(
            List.of(
                new Finding.Aside(AsideKind.HIDDEN, ".x", 1),
                new Finding.Aside(AsideKind.COMPANION, "a.txt", 7)));

    assertThat(ListingReport.asides(tally))
        .isEqualTo("7 files that go with pictures (a.txt, ...); 1 hidden names (.x)");
    assertThat(ListingReport.asides(new ListingTally())).isEqualTo("there is nothing at all");
  }

  @Test
  void ofALevelTheDriverGetsWhatIsToBeListedNextAndCounts() {
    Listable folder = context -> Collections.emptyIterator();

    Iterator<ListedLevel> levels =
        new ListedLevel.OfPartition()
            .call(List.of(item("file:/in/1.jpg"), folder, item("file:/in/2.jpg")).iterator());

    ListedLevel level = levels.next();
    assertThat(levels).isExhausted();
    assertThat(level.pending()).containsExactly(folder);
    assertThat(level.tally().items()).isEqualTo(2);
    assertThat(level.tally().containers()).as("a folder is none").isZero();
  }

  /** One finding of each kind that is counted, each called as it is. */
  private static List<Finding> everything(String name) {
    return List.of(
        item("file:/in/" + name + ".jpg"),
        item("file:/in/" + name + ".png"),
        Finding.unreadable("file:/in", "file:/in/" + name, "permission denied"),
        new Finding.Aside(AsideKind.COMPANION, name + ".txt", 5),
        new Finding.Aside(AsideKind.HIDDEN, "." + name, 2),
        new Finding.Remark(RemarkKind.UNFOLLOWED_LINK, name),
        damage(name + ".tar"),
        REFUSAL,
        new Finding.Matched(name + "*"),
        new Box(name + ".tar"));
  }

  private static ListingTally tally(List<Finding> findings) {
    ListingTally tally = new ListingTally();
    findings.forEach(tally::count);
    return tally;
  }

  private static Finding item(String path) {
    return new Finding.Item(new SourceItem("file:/in", path, 7, 1));
  }

  private static Finding.Damage damage(String container) {
    return new Finding.Damage(container, "it is cut", Finding.Damage.UNKNOWN);
  }

  private record Box(String path) implements Container {
    @Override
    public String root() {
      return "file:/in";
    }

    @Override
    public ContainerFormat format() {
      throw new AssertionError("nothing is opened to be counted");
    }

    @Override
    public Iterator<Finding> list(ContainerFile file, SourceContext context) {
      throw new AssertionError("nothing is opened to be counted");
    }
  }
}
