/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.labels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.splitmask.prep.config.SplitConfig;
import org.splitmask.prep.config.SplitConfig.SplitBy;
import org.splitmask.prep.source.item.ContentHash;
import org.splitmask.prep.stage.labels.LabelQuotas.Bounds;
import org.splitmask.prep.stage.labels.LabelSource.Given;
import org.splitmask.prep.table.PictureInfo;
import org.splitmask.prep.table.Split;

class SplitRuleTest {
  private static final SplitConfig SHARES = new SplitConfig(0.2, 0.1, SplitBy.LABEL);

  @Test
  void everyLabelHasItsSharesHoweverSmall() {
    for (int pictures : new int[] {1, 4, 5, 10, 13, 200}) {
      CountedLabel count = new CountedLabel();
      for (int i = 0; i < pictures; i++) {
        count.addNew(ContentHash.of("picture " + i));
      }

      Map<Split, Integer> dealt = deal(count, pictures);

      assertThat(dealt.getOrDefault(Split.TEST, 0)).isEqualTo((int) Math.round(0.1 * pictures));
      assertThat(dealt.getOrDefault(Split.VALIDATION, 0))
          .isEqualTo((int) Math.round(0.2 * pictures));
    }
  }

  @Test
  void newPicturesFillUpWhatIsLackingAndNoMore() {
    CountedLabel count = new CountedLabel();
    for (int i = 0; i < 40; i++) {
      count.addKnown(i < 10 ? Split.TEST : Split.TRAIN);
    }
    CountedLabel later = new CountedLabel();
    for (int i = 0; i < 20; i++) {
      later.addNew(ContentHash.of("picture " + i));
    }

    // 60 pictures: 6 for test, which has 10 already, and 12 for validation, which has none.
    assertThat(deal(count.plus(later), 20)).isEqualTo(Map.of(Split.VALIDATION, 12, Split.TRAIN, 8));
  }

  @Test
  void whatIsKnownCountsOnEitherSideOfASum() {
    CountedLabel known = new CountedLabel();
    known.addKnown(Split.TEST);
    known.addKnown(Split.TEST);
    CountedLabel other = new CountedLabel();
    other.addKnown(Split.TEST);
    for (int i = 0; i < 27; i++) {
      other.addNew(ContentHash.of("picture " + i));
    }

    // 30 pictures: test has its 3, of which each side knew some.
    assertThat(deal(other.plus(known), 27)).isEqualTo(Map.of(Split.VALIDATION, 6, Split.TRAIN, 21));
  }

  @Test
  void allNewPicturesMayBeForTesting() {
    CountedLabel count = new CountedLabel();
    for (int i = 0; i < 9; i++) {
      count.addKnown(Split.TRAIN);
    }
    count.addNew(ContentHash.of("picture 0"));

    assertThat(deal(count, 1)).isEqualTo(Map.of(Split.TEST, 1));
  }

  @Test
  void whereBothLackMoreThanThereIsTestingComesFirst() {
    CountedLabel count = new CountedLabel();
    for (int i = 0; i < 97; i++) {
      count.addKnown(Split.TRAIN);
    }
    for (int i = 0; i < 3; i++) {
      count.addNew(ContentHash.of("picture " + i));
    }
    // 100 pictures: test lacks 10 and validation 20, of which there are 3.
    assertThat(deal(count, 3)).isEqualTo(Map.of(Split.TEST, 3));

    for (int i = 3; i < 15; i++) {
      count.addNew(ContentHash.of("picture " + i));
    }
    // 112 pictures: test lacks 11, and validation gets what is left.
    assertThat(deal(count, 15)).isEqualTo(Map.of(Split.TEST, 11, Split.VALIDATION, 4));
  }

  @Test
  void everyLabelHasItsOwnQuotaAndPicturesWithoutOneHaveTheirs() {
    LabelQuotas quotas = new LabelQuotas();
    quotas.put("hats", new Bounds("g", "g"));
    quotas.put("bags", new Bounds("", "g"));
    quotas.put(null, new Bounds("", ""));
    String hash = ContentHash.of("a picture");

    assertThat(quotas.split("hats", hash)).isEqualTo(Split.TEST);
    assertThat(quotas.split("bags", hash)).isEqualTo(Split.VALIDATION);
    assertThat(quotas.split(null, hash)).isEqualTo(Split.TRAIN);
    quotas.put(null, new Bounds("g", "g"));
    assertThat(quotas.split(null, hash)).isEqualTo(Split.TEST);
    assertThat(quotas.split("bags", hash)).isEqualTo(Split.VALIDATION);
  }

  @Test
  void boundsAreExclusive() {
    LabelQuotas quotas = new LabelQuotas();
    quotas.put("hats", new Bounds("0".repeat(12) + "5", "0".repeat(12) + "7"));

    assertThat(quotas.split("hats", "0".repeat(63) + "4")).isEqualTo(Split.TEST);
    assertThat(quotas.split("hats", "0".repeat(63) + "5")).isEqualTo(Split.VALIDATION);
    assertThat(quotas.split("hats", "0".repeat(63) + "7")).isEqualTo(Split.TRAIN);
  }

  @Test
  void aPictureOfTheTableKeepsTheSplitThatItHas() {
    LabelQuotas quotas = new LabelQuotas();
    quotas.put("hats", new Bounds("g", "g"));
    SplitRule rule = new SplitRule.ByLabel(() -> quotas);
    Given given = new Given("hats", null, null);
    String hash = ContentHash.of("a picture");
    PictureInfo known =
        new PictureInfo(hash, "p", "r", "hats", Split.VALIDATION, 7, 1, "jpeg", 9, 9, null, "run");

    assertThat(rule.of(given, hash, known)).isEqualTo(Split.VALIDATION);
    assertThat(rule.of(given, hash, null)).isEqualTo(Split.TEST);
  }

  @Test
  void labelsThatWereNotCountedAreForTraining() {
    assertThat(new LabelQuotas().split("hats", "0".repeat(64))).isEqualTo(Split.TRAIN);
  }

  @Test
  void picturesOfAGroupStayTogetherAndOthersGoByTheirHash() {
    SplitRule rule = new SplitRule.ByGroup(SHARES);
    Set<Split> splits = new HashSet<>();
    for (int group = 0; group < 50; group++) {
      Given given = new Given("hats", null, "patient " + group);
      Set<Split> ofGroup = new HashSet<>();
      for (int i = 0; i < 10; i++) {
        ofGroup.add(rule.of(given, ContentHash.of(group + " " + i), null));
      }
      assertThat(ofGroup).hasSize(1);
      splits.addAll(ofGroup);
    }
    assertThat(splits).containsExactlyInAnyOrder(Split.values());
    String hash = ContentHash.of("alone");
    assertThat(rule.of(new Given("hats", null, null), hash, null))
        .isEqualTo(HashSplit.of(hash, SHARES));
  }

  private static Map<Split, Integer> deal(CountedLabel count, int pictures) {
    LabelQuotas quotas = new LabelQuotas();
    quotas.put("hats", count.bounds(SHARES));
    Map<Split, Integer> dealt = new EnumMap<>(Split.class);
    for (int i = 0; i < pictures; i++) {
      dealt.merge(quotas.split("hats", ContentHash.of("picture " + i)), 1, Integer::sum);
    }
    return dealt;
  }
}
