/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.splitmask.common.config.Configurations;
import org.splitmask.common.config.KeyValues;
import org.splitmask.prep.table.RowGroup;
import org.splitmask.train.config.TrainConfig;
import org.splitmask.train.engine.TrainingEngine;
import org.splitmask.train.local.TrainerSettings;
import org.splitmask.train.splitmask.SplitMaskBatch;

class WorkerMemoryTest {
  /** 3.6 million parameters; with several mini-batches an update there is a sum beside. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anEngineHoldsOnTheHeapWhatIsForetold(int batches) throws InterruptedException {
    List<String> words =
        List.of("width=256", "depth=4", "heads=4", "decoder-depth=1", "vocabulary=512");
    TrainConfig config =
        Configurations.bind(
            TrainConfig.class,
            KeyValues.ofWords(List.of("batches-per-update=" + batches))
                .over(KeyValues.ofWords(words)));
    TrainerSettings<SplitMaskBatch> settings = config.trainerSettings(config.benchmarkTask(), 1);
    List<RowGroup> groups = List.of(new RowGroup("file", 0, 10, 5000));
    WorkerMemory foretold = WorkerMemory.of(settings, groups, 2);
    long before = heap();
    try (TrainingEngine<SplitMaskBatch> engine = settings.openEngine()) {
      long held = heap() - before;
      assertThat(engine.metrics()).isEmpty();
      assertThat(held).isCloseTo(foretold.state(), withinPercentage(10));
    }
    assertThat(foretold.pictures()).as("no more than the table").isEqualTo(5000);
  }

  /** What is in use after a collection. */
  private static long heap() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(50);
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
