/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.splitmask.prep.source.item.AsideKind;
import org.splitmask.prep.source.item.Finding;

class ListingTest {
  @Test
  void itemsAreDealtOutToTasksHoweverManyThereAre() {
    assertThat(Listing.tasks(1, 0)).isEqualTo(2);
    assertThat(Listing.tasks(16, 10_000)).isEqualTo(16);
    assertThat(Listing.tasks(16, 3_000_000_000L)).isEqualTo(750_000);
    assertThat(Listing.tasks(16, Long.MAX_VALUE)).isEqualTo(1_000_000);
  }

  @Test
  void foldersAreSpreadOverTheCoresAndOfManySomeShareATask() {
    assertThat(FileListing.tasks(1, 16)).isEqualTo(1);
    assertThat(FileListing.tasks(63, 16)).isEqualTo(63);
    assertThat(FileListing.tasks(1000, 16)).as("four for each core").isEqualTo(64);
    assertThat(FileListing.tasks(1024, 16)).as("sixteen folders each").isEqualTo(64);
    assertThat(FileListing.tasks(1025, 16)).isEqualTo(65);
    assertThat(FileListing.tasks(100_000, 16)).isEqualTo(6250);
  }

  @Test
  void moreFilesThanAnIntHoldsAreCounted() {
    ListingTally tally = new ListingTally();
    for (int i = 0; i < 3; i++) {
      tally.count(aside(1_000_000_000L));
    }

    assertThat(tally.companions()).isEqualTo(3_000_000_000L);
    assertThat(tally.found(5_000_000_000L)).isEqualTo(8_000_000_000L);
  }

  private static Finding.Aside aside(long count) {
    return new Finding.Aside(AsideKind.COMPANION, "file:/in/a.txt", count);
  }
}
