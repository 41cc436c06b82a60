/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.prep.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.splitmask.common.failure.Blame;
import org.splitmask.common.failure.SplitMaskException;
import org.splitmask.prep.config.RunConfig;
import org.splitmask.prep.source.Scopes;
import org.splitmask.prep.source.item.Finding;
import org.splitmask.prep.stage.compare.ComparisonSummary;
import org.splitmask.prep.stage.compare.ExpectedChanges;
import org.splitmask.prep.stage.compare.InputListing;
import org.splitmask.prep.stage.resolve.Tally;
import org.splitmask.prep.stage.resolve.Tally.Count;

/** The guards without Spark; {@code NothingIsLostIT} has them with whole tables. */
class RunGuardsTest {
  private static final String IN = "file:/in";
  private static final Scopes SCOPES = new Scopes(Set.of(IN), List.of());
  private static final ExpectedChanges CHANGES =
      new ExpectedChanges(0, 0, 0, 0, 0, 0, 0, 0, 0, Set.of());

  @Test
  void aTenthOfAnInputMayGoAndNoMore() {
    RunGuards guards = guards(0.1, 0, List.of(), summary(1000, 1, Map.of()));

    assertThatCode(() -> guards.checkRemoved(Map.of(IN, 100L))).doesNotThrowAnyException();
    refused(
        () -> guards.checkRemoved(Map.of(IN, 101L)),
        "file:/in: 101 of 1000 pictures",
        "are gone; max-removed-share is 0.1",
        "the table is as it was");
  }

  @Test
  void tenPicturesMayGoOfTheSmallestInput() {
    RunGuards guards = guards(0.1, 0, List.of(), summary(12, 1, Map.of()));

    assertThatCode(() -> guards.checkRemoved(Map.of(IN, 10L))).doesNotThrowAnyException();
    refused(() -> guards.checkRemoved(Map.of(IN, 11L)), "11 of 12 pictures", "at least 10");
  }

  @Test
  void anEmptyInputIsRefusedForASinglePictureUnlessAllMayGo() {
    ComparisonSummary empty = summary(1, 0, Map.of());

    refused(
        () -> guards(0.99, 0, List.of(), empty).checkRemoved(Map.of(IN, 1L)),
        "1 of 1 pictures",
        "no file at all (is its disk mounted?)");
    assertThatCode(() -> guards(1, 0, List.of(), empty).checkRemoved(Map.of(IN, 1L)))
        .doesNotThrowAnyException();
  }

  @Test
  void anArchiveThatIsTheInputHoldsItsFiles() {
    ComparisonSummary archive =
        new ComparisonSummary(
            CHANGES, Map.of(IN + "!", files(5)), Map.of(IN, 5L), Map.of(), Map.of());

    assertThatCode(() -> guards(0.1, 0, List.of(), archive).checkRemoved(Map.of(IN, 1L)))
        .doesNotThrowAnyException();
  }

  @Test
  void archivesOfWhichNothingTellsWhatTheyHeldAreRefusedBeyondTheirNumber() {
    List<Finding.Damage> damages =
        IntStream.range(0, 7)
            .mapToObj(i -> new Finding.Damage("file:/in/" + i + ".tar", "it is cut", -1))
            .toList();

    assertThatCode(() -> guards(0.1, 7, damages, summary(0, 1, Map.of())).checkArchives())
        .doesNotThrowAnyException();
    refused(
        () -> guards(0.1, 6, damages, summary(0, 1, Map.of())).checkArchives(),
        "7 archives or Parquet files are damaged",
        "file:/in/0.tar (it is cut)",
        "file:/in/4.tar (it is cut) and others;",
        "max-rejected-archives=7");
  }

  @Test
  void fiveArchivesAreAllNamed() {
    List<Finding.Damage> damages =
        IntStream.range(0, 5)
            .mapToObj(i -> new Finding.Damage("file:/in/" + i + ".tar", "it is cut", -1))
            .toList();

    refused(
        () -> guards(0.1, 4, damages, summary(0, 1, Map.of())).checkArchives(),
        "file:/in/4.tar (it is cut); replace them");
  }

  @Test
  void anArchiveIsKnownByItsIndexOrByTheTable() {
    List<Finding.Damage> damages =
        List.of(
            new Finding.Damage("file:/in/index.parquet", "rows are lost", 40),
            new Finding.Damage("file:/in/table.tar", "it is cut", Finding.Damage.UNKNOWN),
            new Finding.Damage("file:/in/table.tar", "a nested archive", 2),
            new Finding.Damage("file:/in/index.parquet", "rows are lost", 30));
    RunGuards guards = guards(0.1, 0, damages, summary(0, 1, Map.of("file:/in/table.tar", 500L)));

    assertThatCode(guards::checkArchives).doesNotThrowAnyException();
    assertThat(guards.missing()).as("the largest that is said of each").isEqualTo(40 + 500);
  }

  @Test
  void damagedArchivesThatAreTooManyToBeNamedAreCounted() {
    List<Finding.Damage> named = List.of(new Finding.Damage("file:/in/a.tar", "it is cut", -1));
    RunGuards guards =
        new RunGuards(config(0.1, 10_000), named, 3_000_000_000L, SCOPES, summary(0, 1, Map.of()));

    refused(
        guards::checkArchives, "3000000000 archives or Parquet files", "(it is cut) and others");
  }

  @Test
  void aTwentiethOfTheFilesMayBeRejectedAndNoMore() {
    RunGuards guards = guards(0.1, 0, List.of(), summary(0, 1, Map.of()));

    assertThatCode(() -> guards.checkRejected(tally(95, 5), Runs.REQUEST, "T/rejected"))
        .doesNotThrowAnyException();
    refused(
        () -> guards.checkRejected(tally(94, 6), Runs.REQUEST, "T/rejected"),
        "of 100 files rejected, 6.0 % besides duplicates, max-rejected-share is 5.0 %",
        "all are in T/rejected with run_id run-7");
  }

  @Test
  void whatDamagedArchivesShouldHoldCountsAsRejected() {
    List<Finding.Damage> damages = List.of(new Finding.Damage("file:/in/a.zip", "it is cut", 25));
    RunGuards guards = guards(0.1, 0, damages, summary(0, 1, Map.of()));

    refused(
        () -> guards.checkRejected(tally(100, 0), Runs.REQUEST, "T/rejected"),
        "20.0 % besides duplicates and with 25 that damaged archives should hold,");
  }

  @Test
  void aTableWithoutAnyPictureIsRefused() {
    Tally tally = new Tally();
    tally.count(Count.UNCHANGED, 3);
    RunGuards guards = guards(0.1, 0, List.of(), summary(0, 1, Map.of()));

    refused(
        () -> guards.checkRejected(tally, Runs.REQUEST, "T/rejected"),
        "none of the 3 files in /in is a picture");
  }

  /** Of a run that accepted so many files and found so many bad ones, which it knew before. */
  private static Tally tally(long accepted, long bad) {
    Tally tally = Runs.standing(40, 30);
    tally.count(Count.ACCEPTED, accepted - tally.of(Count.UNCHANGED));
    tally.count(Count.BAD, bad);
    tally.count(Count.UNCHANGED, bad);
    return tally;
  }

  @Test
  void aRebuiltTableMayHaveATenthLess() {
    RunGuards guards = guards(0.1, 0, List.of(), summary(0, 1, Map.of()));

    assertThatCode(() -> guards.checkRebuilt(1000, 900)).doesNotThrowAnyException();
    assertThatCode(() -> guards.checkRebuilt(20, 10)).doesNotThrowAnyException();
    assertThatCode(() -> guards.checkRebuilt(20, 2000)).doesNotThrowAnyException();
    refused(() -> guards.checkRebuilt(1000, 899), "would have 899 pictures and has 1000");
  }

  @Test
  void aDryRunTellsWhyARunWouldStop() {
    ComparisonSummary gone =
        new ComparisonSummary(
            CHANGES, Map.of(IN, files(1)), Map.of(IN, 100L), Map.of(IN, 50L), Map.of());

    assertThat(guards(0.1, 0, List.of(), gone).stop()).contains("50 of 100 pictures");
    assertThat(guards(0.5, 0, List.of(), gone).stop()).isNull();
    List<Finding.Damage> damages = List.of(new Finding.Damage("file:/in/a.tar", "it is cut", -1));
    assertThat(guards(0.5, 0, damages, gone).stop()).contains("1 archives or Parquet files");
    assertThat(guards(0.5, 1, damages, gone).stop()).isNull();
  }

  private static RunGuards guards(
      double maxRemovedShare,
      int maxRejectedArchives,
      List<Finding.Damage> damages,
      ComparisonSummary summary) {
    RunConfig config = config(maxRemovedShare, maxRejectedArchives);
    return new RunGuards(config, damages, damages.size(), SCOPES, summary);
  }

  private static RunConfig config(double maxRemovedShare, int maxRejectedArchives) {
    return new RunConfig(0.05, maxRejectedArchives, maxRemovedShare, 4000, 30);
  }

  /** The table has so many pictures of the one input, in which so many files were listed. */
  private static ComparisonSummary summary(
      long known, long listed, Map<String, Long> hiddenByArchive) {
    Map<String, InputListing> listings = listed == 0 ? Map.of() : Map.of(IN, files(listed));
    return new ComparisonSummary(CHANGES, listings, Map.of(IN, known), Map.of(), hiddenByArchive);
  }

  private static InputListing files(long count) {
    return new InputListing(count, count, BigInteger.ONE);
  }

  private static void refused(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .hasMessageContainingAll(parts)
        .extracting(e -> ((SplitMaskException) e).blame())
        .isEqualTo(Blame.DATA);
  }
}
