/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundPlannerTest {
  @ParameterizedTest
  @CsvSource({
    "100, 3, 2, 8, 5",
    "101, 2, 3, 8, 4",
    "7, 2, 3, 8, 10",
    "64, 1, 1, 32, 1",
    "13, 4, 2, 2, 3",
    "1491, 2, 2, 32, 8",
    "4, 2, 2, 2, 1"
  })
  void everyImageIsTakenOnceAnEpochInBatchesAlike(
      int images, int epochs, int workers, int batch, int steps) {
    RoundPlanner planner = planner(images, epochs, workers, batch, steps);
    List<List<Integer>> seen = new ArrayList<>();
    IntStream.range(0, epochs).forEach(epoch -> seen.add(new ArrayList<>()));
    int rounds = 0;
    double progress = 0;
    Cursor cursor = Cursor.start();
    int expectedRounds = planner.roundsLeft(cursor);
    while (!planner.isDone(cursor)) {
      RoundPlan plan = planner.plan(cursor);
      for (List<StepPlan> lane : plan.steps()) {
        assertThat(lane).hasSameSizeAs(plan.steps().get(0));
        assertThat(lane).hasSizeLessThanOrEqualTo(steps);
      }
      for (int step = 0; step < plan.steps().get(0).size(); step++) {
        int at = step;
        List<StepPlan> sameStep = plan.steps().stream().map(lane -> lane.get(at)).toList();
        assertThat(sameStep).allMatch(s -> s.images() >= 2);
        int[] sizes = sameStep.stream().mapToInt(StepPlan::images).sorted().toArray();
        assertThat(sizes[sizes.length - 1] - sizes[0]).isLessThanOrEqualTo(1);
        assertThat(sameStep.get(0).progress()).isGreaterThan(progress);
        progress = sameStep.get(0).progress();
        for (StepPlan s : sameStep) {
          addPlaces(s, seen.get(s.epoch()));
        }
      }
      cursor = plan.next();
      rounds++;
    }
    assertThat(rounds).isEqualTo(expectedRounds);
    assertThat(progress).isEqualTo(1);
    for (List<Integer> epoch : seen) {
      assertThat(epoch)
          .containsExactlyInAnyOrderElementsOf(IntStream.range(0, images).boxed().toList());
    }
  }

  @Test
  void aChangeOfWorkersDealsTheRestOfTheEpochAnew() {
    Cursor cursor = planner(100, 1, 2, 8, 3).plan(Cursor.start()).next();
    RoundPlanner three = planner(100, 1, 3, 8, 100);
    List<Integer> rest = new ArrayList<>();
    three.plan(cursor).steps().forEach(lane -> lane.forEach(step -> addPlaces(step, rest)));

    int left = cursor.lanes().stream().mapToInt(Range::length).sum();
    assertThat(rest).hasSize(left).doesNotHaveDuplicates();
    assertThat(three.imagesSeen(cursor)).isEqualTo(100 - left);
  }

  /** Another number of workers takes over after every possible round. */
  @ParameterizedTest
  @CsvSource({
    "61, 2, 5, 1",
    "61, 5, 2, 1",
    "61, 1, 7, 1",
    "61, 3, 4, 2",
    "61, 7, 1, 2",
    "61, 4, 4, 3",
    "60, 1, 2, 1"
  })
  void whereverTheWorkersChangeEveryImageIsTakenOnceAnEpoch(
      int images, int before, int after, int batches) {
    RoundPlanner first = new RoundPlanner(images, RunLength.ofEpochs(3), before, 2, batches, 1);
    RoundPlanner second = new RoundPlanner(images, RunLength.ofEpochs(3), after, 2, batches, 2);
    int least = 2 * batches * after;
    boolean wasShort = false;
    for (Cursor change = Cursor.start();
        !first.isDone(change);
        change = first.plan(change).next()) {
      List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
      Cursor cursor = Cursor.start();
      while (!cursor.equals(change)) {
        cursor = take(first.plan(cursor), seen);
      }
      int left = change.lanes().isEmpty() ? 0 : images - seen.get(change.epoch()).size();
      boolean isShort = left > 0 && left < least;
      wasShort |= isShort;
      int rounds = second.roundsLeft(cursor);
      while (!second.isDone(cursor)) {
        RoundPlan plan = second.plan(cursor);
        assertThat(plan.steps()).hasSize(isShort ? left / (2 * batches) : after);
        assertThat(plan.steps())
            .allSatisfy(lane -> assertThat(lane).allMatch(step -> step.images() >= 2 * batches));
        isShort = false;
        cursor = take(plan, seen);
        rounds--;
      }
      assertThat(rounds).as("rounds that were foretold, and did not come").isZero();
      assertThat(second.imagesSeen(cursor)).isEqualTo(3L * images);
      for (int epoch = 0; epoch < 3; epoch++) {
        assertThat(seen.get(epoch))
            .as("epoch %d with a change after %s", epoch, change)
            .doesNotHaveDuplicates()
            .hasSize(images)
            .allMatch(image -> image >= 0 && image < images);
      }
    }
    assertThat(wasShort)
        .as("a change left too few images for a step of all workers")
        .isEqualTo(least > 2 * batches * before);
  }

  private static Cursor take(RoundPlan plan, List<List<Integer>> seen) {
    for (List<StepPlan> lane : plan.steps()) {
      lane.forEach(step -> addPlaces(step, seen.get(step.epoch())));
    }
    return plan.next();
  }

  /** Lanes of unequal length, which dealing anew after each step would not leave as they are. */
  @ParameterizedTest
  @CsvSource({"101, 3, 4", "41, 3, 8", "50, 4, 3", "61, 7, 2"})
  void aWorkersPlacesOfAnEpochAreOneRangeInItsOrder(int images, int workers, int batch) {
    RoundPlan plan = planner(images, 1, workers, batch, 1000).plan(Cursor.start());
    int next = 0;
    for (List<StepPlan> lane : plan.steps()) {
      List<Integer> places = new ArrayList<>();
      lane.forEach(step -> addPlaces(step, places));
      assertThat(places)
          .isEqualTo(IntStream.range(next, next + places.size()).boxed().toList())
          .hasSizeBetween(images / workers, images / workers + 1);
      next += places.size();
    }
    assertThat(next).isEqualTo(images);
  }

  @ParameterizedTest
  @CsvSource({
    "64, 1, 32, 2",
    "96, 3, 4, 8",
    "97, 3, 4, 9",
    "95, 3, 4, 8",
    "7, 3, 4, 1",
    "8, 2, 3, 2"
  })
  void anEpochHasNoMoreStepsThanTheBatchSizeAsksFor(int images, int workers, int batch, int steps) {
    RoundPlan plan = planner(images, 1, workers, batch, 1000).plan(Cursor.start());
    assertThat(plan.steps().get(0)).hasSize(steps);
    for (List<StepPlan> lane : plan.steps()) {
      assertThat(lane).allMatch(step -> step.images() <= batch);
    }
  }

  /** The batch size belongs to a run, so this is how a cursor of other code would be met. */
  @Test
  void aCursorOfLargerStepsIsDealtAnew() {
    Cursor cursor = planner(100, 1, 2, 20, 1).plan(Cursor.start()).next();
    RoundPlan plan = planner(100, 1, 2, 5, 1000).plan(cursor);
    for (List<StepPlan> lane : plan.steps()) {
      assertThat(lane).allMatch(step -> step.images() <= 5);
    }
  }

  /** As above: batches-per-update belongs to a run too. */
  @Test
  void whatIsTooLittleForAStepOfOtherCodeIsLeftAndTheNextEpochBegins() {
    RoundPlanner small = planner(100, 3, 1, 4, 24);
    Cursor cursor = small.plan(Cursor.start()).next();
    assertThat(cursor.epoch()).isZero();
    assertThat(cursor.imagesLeft()).isEqualTo(4);
    RoundPlanner large = new RoundPlanner(100, new RunLength(3, 0, 0), 1, 4, 3, 1);

    RoundPlan plan = large.plan(cursor);

    assertThat(plan.steps().get(0)).hasSize(1);
    assertThat(plan.steps().get(0).get(0).epoch()).isEqualTo(1);
    // Nine steps of up to 12 images in each of the two epochs that are left.
    assertThat(large.roundsLeft(cursor)).isEqualTo(18);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "37, 0", "0, 700", "1000, 100000"})
  void theRoundsThatAreLeftGoDownByOneEachRound(long maxUpdates, long maxImages) {
    RoundPlanner planner =
        new RoundPlanner(100, new RunLength(12, maxUpdates, maxImages), 2, 8, 1, 3);
    Cursor cursor = Cursor.start();
    int rounds = planner.roundsLeft(cursor);
    for (int done = 1; !planner.isDone(cursor); done++) {
      cursor = planner.plan(cursor).next();
      // With a bound on images it says about how many.
      assertThat(planner.roundsLeft(cursor))
          .isBetween(
              rounds - done - (maxImages > 0 ? 1 : 0), rounds - done + (maxImages > 0 ? 1 : 0));
    }
    assertThat(planner.roundsLeft(cursor)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"100, 2, 8, 7, 0", "101, 3, 8, 0, 250", "1491, 2, 32, 30, 0", "64, 1, 32, 5, 100"})
  void aRunEndsAtItsUpdatesOrImages(
      int images, int workers, int batch, long maxUpdates, long maxImages) {
    RunLength length = new RunLength(50, maxUpdates, maxImages);
    RoundPlanner planner = new RoundPlanner(images, length, workers, batch, 1, 4);
    Cursor cursor = Cursor.start();
    int expectedRounds = planner.roundsLeft(cursor);
    int rounds = 0;
    int updates = 0;
    double progress = 0;
    while (!planner.isDone(cursor)) {
      RoundPlan plan = planner.plan(cursor);
      for (StepPlan step : plan.steps().get(0)) {
        assertThat(step.progress()).isGreaterThan(progress);
        progress = step.progress();
        updates++;
      }
      cursor = plan.next();
      rounds++;
    }
    assertThat(progress).isEqualTo(1);
    assertThat(cursor.updates()).isEqualTo(updates);
    assertThat(rounds).isBetween(expectedRounds - 1, expectedRounds);
    if (maxUpdates > 0) {
      assertThat(updates).isLessThanOrEqualTo((int) maxUpdates);
    }
    if (maxImages > 0) {
      assertThat(planner.imagesSeen(cursor)).isLessThan(maxImages + (long) workers * batch);
    }
    assertThat((double) planner.imagesSeen(cursor))
        .isBetween(planner.imagesInAll() - 1.0, (double) planner.imagesInAll() + workers * batch);
  }

  /** Four epochs of ten steps: the first ten steps are rounds of their own. */
  @Test
  void inTheFirstShareOfARunEveryStepIsAveraged() {
    RoundPlanner planner = new RoundPlanner(80, RunLength.ofEpochs(4), 2, 4, 1, 6, 0.25, false);
    List<Integer> steps = new ArrayList<>();
    Cursor cursor = Cursor.start();
    assertThat(planner.roundsLeft(cursor)).isEqualTo(15);
    while (!planner.isDone(cursor)) {
      RoundPlan plan = planner.plan(cursor);
      steps.add(plan.steps().get(0).size());
      cursor = plan.next();
      assertThat(planner.roundsLeft(cursor)).isEqualTo(15 - steps.size());
    }
    assertThat(steps).containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 6, 6, 6, 6);
    assertThat(planner.withWorkers(3).postLocalShare()).isEqualTo(0.25);
    assertThatThrownBy(() -> new RoundPlanner(80, RunLength.ofEpochs(4), 2, 4, 1, 6, 1, false))
        .hasMessageContaining("post-local-share must be in [0, 1), was 1.0");
  }

  /** Any of the workers may be missing in any round, but for one that is there. */
  @ParameterizedTest
  @CsvSource({"61, 2, 1, 2", "61, 5, 2, 3", "100, 3, 1, 1", "64, 4, 1, 100"})
  void theImagesOfMissingWorkersComeLaterInTheirEpoch(
      int images, int workers, int batches, int steps) {
    RunLength length = RunLength.ofEpochs(3);
    RoundPlanner planner = new RoundPlanner(images, length, workers, 2, batches, steps, 0, true);
    Random random = new Random(20261130);
    List<List<Integer>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    int missed = 0;
    Cursor cursor = Cursor.start();
    while (!planner.isDone(cursor)) {
      RoundPlan plan = planner.plan(cursor);
      Set<Integer> missing = new TreeSet<>();
      for (int worker = 1; worker < plan.steps().size(); worker++) {
        if (random.nextInt(3) == 0) {
          missing.add((worker + cursor.epoch()) % plan.steps().size());
        }
      }
      missed += missing.size();
      for (int worker = 0; worker < plan.steps().size(); worker++) {
        if (!missing.contains(worker)) {
          plan.steps().get(worker).forEach(step -> addPlaces(step, seen.get(step.epoch())));
        }
      }
      long before = planner.imagesSeen(cursor);
      RoundPlan done = plan.without(missing);
      assertThat(done.next().updates()).isEqualTo(plan.next().updates());
      cursor = done.next();
      assertThat(planner.imagesSeen(cursor)).isGreaterThan(before);
    }
    assertThat(missed).as("workers that were missing").isGreaterThan(3);
    assertThat(seen).allSatisfy(epoch -> assertThat(epoch).hasSize(images).doesNotHaveDuplicates());
  }

  @ParameterizedTest
  @CsvSource({"80, 4, 6", "80, 4, 5", "80, 4, 100", "83, 3, 1"})
  void roundsEndWhereTheirEpochDoes(int images, int batch, int steps) {
    RoundPlanner planner =
        new RoundPlanner(images, RunLength.ofEpochs(4), 2, batch, 1, steps, 0, true);
    Cursor cursor = Cursor.start();
    int rounds = planner.roundsLeft(cursor);
    while (!planner.isDone(cursor)) {
      RoundPlan plan = planner.plan(cursor);
      assertThat(plan.steps().get(0)).extracting(StepPlan::epoch).containsOnly(cursor.epoch());
      assertThat(planner.roundsLeft(cursor)).isEqualTo(rounds--);
      cursor = plan.next();
    }
    assertThat(rounds).isZero();
    assertThat(planner.withWorkers(3).endsWithEpoch()).isTrue();
  }

  @Test
  void aRoundHasOneWorkerAtLeast() {
    RoundPlan plan = planner(100, 1, 2, 8, 1).plan(Cursor.start());
    assertThat(plan.without(Set.of())).isSameAs(plan);
    assertThatThrownBy(() -> plan.without(Set.of(0, 1)))
        .hasMessageContaining("a round without any of its workers");
  }

  @Test
  void anUpdateOfSeveralMiniBatchesHasTwoImagesForEach() {
    RoundPlanner planner = new RoundPlanner(50, RunLength.ofEpochs(1), 2, 4, 3, 100);
    RoundPlan plan = planner.plan(Cursor.start());
    assertThat(plan.steps().get(0)).hasSize(3);
    for (List<StepPlan> lane : plan.steps()) {
      assertThat(lane).allMatch(step -> step.images() >= 6 && step.images() <= 12);
    }
    assertThatThrownBy(() -> new RoundPlanner(11, RunLength.ofEpochs(1), 2, 4, 3, 1))
        .hasMessageContaining("need at least 12")
        .hasMessageContaining("batches-per-update");
  }

  @Test
  void tooFewImagesForTheWorkersAreRefused() {
    assertThatThrownBy(() -> planner(5, 1, 3, 8, 1))
        .hasMessageContaining("5 images")
        .hasMessageContaining("3 workers need at least 6")
        .hasMessageContaining("fewer workers");
  }

  @Test
  void aBatchOfOneIsRefused() {
    assertThatThrownBy(() -> planner(100, 1, 1, 1, 1))
        .hasMessageContaining("batch-size must be at least 2, was 1")
        .hasMessageContaining("no negative");
  }

  private static RoundPlanner planner(int images, int epochs, int workers, int batch, int steps) {
    return new RoundPlanner(images, RunLength.ofEpochs(epochs), workers, batch, 1, steps);
  }

  private static void addPlaces(StepPlan step, List<Integer> places) {
    for (Range range : step.places()) {
      IntStream.range(range.from(), range.to()).forEach(places::add);
    }
  }
}
