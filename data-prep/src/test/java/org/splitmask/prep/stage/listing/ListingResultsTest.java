/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.source.item.Access;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.source.item.ItemLocation;
import org.splitmask.prep.source.item.OpenContainer;
import org.splitmask.prep.source.item.SourceItem;

/** What a listing hands on: each path once, and a refusal as the last of what it found. */
class ListingResultsTest {
  private static final Finding FIRST = new Finding.Matched("first");
  private static final Finding SECOND = new Finding.Matched("second");

  @Test
  void ofTwoInputsThatHaveOneFileTheSmallerNameCounts() {
    SourceItem outer = new SourceItem("file:/in", "file:/in/sub/1.jpg", 7, 1);
    SourceItem inner = new SourceItem("file:/in/sub", "file:/in/sub/1.jpg", 7, 1);
    SourceItem again = new SourceItem("file:/in", "file:/in/sub/1.jpg", 8, 2);

    assertThat(new OnePath().call(outer, inner)).isSameAs(outer);
    assertThat(new OnePath().call(inner, outer)).isSameAs(outer);
    assertThat(new OnePath().call(outer, again)).as("the first of equal inputs").isSameAs(outer);
  }

  @Test
  void rowsOfOneNameAreRefused() {
    SourceItem row = row("file:/in/a.parquet", 3);

    assertThat(new OnePath().call(row, row("file:/in/a.parquet", 3))).isSameAs(row);
    for (SourceItem other : List.of(row("file:/in/a.parquet", 4), row("file:/in/b.parquet", 3))) {
      assertThatThrownBy(() -> new OnePath().call(row, other))
          .hasMessageContainingAll(
              "two rows are called file:/in/x!/1.jpg, row 3 of file:/in/a.parquet and row "
                  + other.position()
                  + " of "
                  + other.container(),
              "choose another name-column")
          .extracting(e -> ((SplitMaskException) e).blame())
          .isEqualTo(Blame.DATA);
    }
  }

  @Test
  void aListingThatIsNotRefusedStaysAsItIs() throws IOException {
    RefusalsAsFindings found = new RefusalsAsFindings(() -> List.of(FIRST, SECOND).iterator());

    assertThat(found.hasNext()).isTrue();
    assertThat(found.hasNext()).as("asked twice").isTrue();
    assertThat(found.next()).isEqualTo(FIRST);
    assertThat(found.next()).isEqualTo(SECOND);
    assertThat(found).isExhausted();
    assertThatThrownBy(found::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void aRefusalIsTheLastThatIsFound() throws IOException {
    RefusalsAsFindings atOnce =
        new RefusalsAsFindings(
            () -> {
              throw new SplitMaskException(Blame.USER, "no such column");
            });
    RefusalsAsFindings later =
        new RefusalsAsFindings(
            () ->
                new Iterator<>() {
                  private boolean started;

                  @Override
                  public boolean hasNext() {
                    return true;
                  }

                  @Override
                  public Finding next() {
                    if (started) {
                      throw new SplitMaskException(Blame.DATA, "two names");
                    }
                    started = true;
                    return FIRST;
                  }
                });

    assertThat(atOnce)
        .toIterable()
        .containsExactly(new Finding.Refusal(Blame.USER, "no such column"));
    assertThat(later)
        .toIterable()
        .containsExactly(FIRST, new Finding.Refusal(Blame.DATA, "two names"));
  }

  @Test
  void aFailureOfTheStorageIsThrownToBeTriedAgain() {
    assertThatThrownBy(
            () ->
                new RefusalsAsFindings(
                    () -> {
                      throw new IOException("read timed out");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("read timed out");
  }

  private static SourceItem row(String container, long position) {
    return new SourceItem(
        "file:/in", "file:/in/x!/1.jpg", 7, 1, new RowOf(container, position), null);
  }

  private record RowOf(@Nullable String container, long position) implements ItemLocation {
    @Override
    public Access access() {
      return Access.SEQUENTIAL;
    }

    @Override
    public byte[] read(String path, OpenContainer open, int atMost) {
      throw new AssertionError("nothing is read to be listed");
    }
  }
}
