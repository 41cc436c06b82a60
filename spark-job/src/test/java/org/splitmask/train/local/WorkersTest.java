/* SPDX-License-Identifier: Apache-2.0 */
package org.splitmask.train.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.splitmask.prep.table.PatchRow;
import org.splitmask.train.batch.MiniBatchAssembler;
import org.splitmask.train.batch.TableRows;
import org.splitmask.train.schedule.Cursor;
import org.splitmask.train.schedule.RoundPlan;
import org.splitmask.train.schedule.RoundPlanner;
import org.splitmask.train.schedule.RunLength;
import org.splitmask.train.schedule.StepPlan;
import org.splitmask.train.splitmask.Objective.Branches;
import org.splitmask.train.splitmask.SplitMaskBatch;

/** However many workers there are, an image of an epoch is the same to whoever has it. */
class WorkersTest {
  private static final int IMAGES = 37;
  private static final int EPOCHS = 2;

  @ParameterizedTest
  @EnumSource(Branches.class)
  void oneTwoAndFourWorkersSeeTheSameCropsSplitsTargetsAndSeeds(Branches branches) {
    Map<String, String> byOne = seen(branches, 1);
    assertThat(byOne).hasSize(EPOCHS * IMAGES);
    assertThat(byOne.values()).doesNotHaveDuplicates();
    assertThat(seen(branches, 2)).isEqualTo(byOne);
    assertThat(seen(branches, 4)).isEqualTo(byOne);
  }

  /** By epoch and image, all that the network is given of it. */
  private static Map<String, String> seen(Branches branches, int workers) {
    TrainerSettings<SplitMaskBatch> settings = SmallTraining.settings(branches);
    MiniBatchAssembler<SplitMaskBatch> assembler = settings.task().assembler();
    TableRows rows = SmallTraining.rows(IMAGES);
    RoundPlanner planner = new RoundPlanner(IMAGES, RunLength.ofEpochs(EPOCHS), workers, 5, 1, 3);
    Map<String, String> seen = new LinkedHashMap<>();
    Cursor cursor = Cursor.start();
    while (!planner.isDone(cursor)) {
      RoundPlan plan = planner.plan(cursor);
      for (List<StepPlan> lane : plan.steps()) {
        for (StepPlan step : lane) {
          List<PatchRow> images = rows.rows(step.epoch(), step.places());
          SplitMaskBatch batch = assembler.assemble(images, step.epoch());
          for (int n = 0; n < images.size(); n++) {
            String key = step.epoch() + " " + images.get(n).imageId();
            assertThat(seen.put(key, image(batch, n))).as(key).isNull();
          }
        }
      }
      cursor = plan.next();
    }
    return seen;
  }

  private static String image(SplitMaskBatch batch, int n) {
    int values = batch.patches().length / batch.images();
    StringBuilder all = new StringBuilder();
    all.append(Arrays.hashCode(Arrays.copyOfRange(batch.patches(), n * values, (n + 1) * values)));
    for (int b = n; b < batch.visible().length; b += batch.images()) {
      all.append(Arrays.toString(batch.visible()[b]));
      all.append(Arrays.toString(batch.labels()[b]));
      all.append(batch.seeds()[b]);
    }
    return all.toString();
  }
}
