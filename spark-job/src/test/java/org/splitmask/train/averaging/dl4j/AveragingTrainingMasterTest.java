/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.averaging.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.Test;
import org.splitmask.train.averaging.Loops;
import org.splitmask.train.averaging.OuterStep;
import org.splitmask.train.averaging.StillRounds;
import org.splitmask.train.averaging.TrainingState;
import org.splitmask.train.local.SmallTraining;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.state.VectorStore;
import org.splitmask.train.task.LearningTask;

/** The averaging loop behind DL4J's interface, without DL4J's network and without Spark. */
class AveragingTrainingMasterTest {
  private static final SparkComputationGraph NO_NETWORK = null;

  private final LearningTask<?> task = SmallTraining.settings(Branches.TWO).task();
  private final TrainingState start =
      new TrainingState(0, 0, VectorStore.create(3, Long.MAX_VALUE, Path.of("")), Cursor.start());
  private final AveragingTrainingMaster master =
      new AveragingTrainingMaster(
          task,
          Loops.of(
              new RoundPlanner(8, RunLength.ofEpochs(2), 2, 4, 1, 1),
              new StillRounds(),
              new OuterStep(1, 0),
              0,
              result -> {},
              () -> 0),
          start);

  @Test
  void trainingFromPathsIsTheLoopsRun() {
    assertThat(master.state()).isSameAs(start);

    master.executeTrainingPaths(null, NO_NETWORK, null, null, null);

    assertThat(master.state().round()).isEqualTo(2);
    assertThat(master.state().updates()).isEqualTo(2);
  }

  @Test
  void trainingOnWhatDl4jWouldHandOutIsRefused() {
    refused(() -> master.executeTraining(NO_NETWORK, null));
    refused(() -> master.executeTrainingMDS(NO_NETWORK, null));
    refused(() -> master.getWorkerInstance(NO_NETWORK).getFinalResultNoData());
    assertThat(master.state()).isSameAs(start);
  }

  @Test
  void statisticsAreRefusedOnlyWhereTheyAreWanted() {
    refused(() -> master.setCollectTrainingStats(true));
    assertThatCode(() -> master.setCollectTrainingStats(false)).doesNotThrowAnyException();
    assertThat(master.getIsCollectTrainingStats()).isFalse();
  }

  private static void refused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("only fitPaths trains");
  }
}
